t = (1, "a", None)
for action in (
    lambda: t[5], lambda: t["a"], lambda: t.index(9), lambda: t + [1], lambda: t * "a", lambda: tuple(5),
    lambda: hash(([],)), lambda: t < 5, lambda: (1,) < ("a",), lambda: t.append(1), lambda: tuple(1, 2),
    lambda: t.index("a", 2),
):
    try:
        print(action())
    except (IndexError, TypeError, ValueError, AttributeError) as error:
        print(type(error).__name__, error)
