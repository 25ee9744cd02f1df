r = range(2, 20, 3)
for action in (
    lambda: range(1, 2, 0), lambda: range("a"), lambda: range(1.5), lambda: range(),
    lambda: range(1, 2, 3, 4), lambda: r[100], lambda: r["a"], lambda: r.index(6),
    lambda: len(range(10 ** 20)), lambda: setattr(r, "start", 1), lambda: r + r, lambda: range(5) < range(6),
    lambda: range(stop=5), lambda: r.index("x"),
):
    try:
        print(action())
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError) as error:
        print(type(error).__name__, error)
