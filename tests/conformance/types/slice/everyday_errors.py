s = slice(1, 10, 2)
for action in (
    lambda: slice(), lambda: slice(1, 2, 3, 4), lambda: s.indices("x"), lambda: s.indices(-1),
    lambda: slice(1, 2, 0).indices(5), lambda: setattr(s, "start", 1), lambda: [1][slice("a")],
):
    try:
        print(action())
    except (TypeError, ValueError, AttributeError) as error:
        print(type(error).__name__, error)
