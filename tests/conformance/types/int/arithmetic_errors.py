for action in (
    lambda: 1 / 0, lambda: 1 // 0, lambda: 1 % 0, lambda: divmod(1, 0), lambda: 0 ** -1,
    lambda: pow(2, -1, 4), lambda: pow(1, 2, 0), lambda: 1 << -1, lambda: 1 >> -1, lambda: 1 + "a",
    lambda: "a" * 1.5, lambda: 2 ** 10000 / 1, lambda: 1 & 1.0, lambda: pow(2.0, 1, 3), lambda: 1 % "a",
    lambda: -"a", lambda: ~1.5,
):
    try:
        print(action())
    except (ZeroDivisionError, ValueError, TypeError, OverflowError) as error:
        print(type(error).__name__, error)
