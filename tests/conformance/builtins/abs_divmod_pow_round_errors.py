for action in (
    lambda: abs("x"), lambda: abs(), lambda: divmod(1, "x"), lambda: divmod(1), lambda: pow(1),
    lambda: pow("a", 2), lambda: pow(2, 3, 0), lambda: pow(2, 2.5, 3), lambda: round("x"), lambda: round(),
    lambda: round(1, "a"), lambda: pow(2, -1, 4),
):
    try:
        print(action())
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
