r = range(2, 20, 3)
print(r, len(r), list(r), r[0], r[-1], r[1:3], r[::-1], 5 in r, 6 in r, 5.0 in r, "a" in r, r.index(8), r.count(8), r.start, r.stop, r.step, list(reversed(r)))
print(range(5) == range(0, 5, 1), range(0) == range(5, 5), range(0, 3, 2) == range(0, 4, 2), hash(range(3)) == hash(range(0, 3)), bool(range(0)), list(range(5, 0)), list(range(5, 0, -2)), range(10 ** 20)[10 ** 19], len(range(10 ** 18)), range(-5, 5)[-1])
for action in (lambda: range(1, 2, 0), lambda: range("a"), lambda: range(1.5), lambda: range(), lambda: range(1, 2, 3, 4), lambda: r[100], lambda: r["a"], lambda: r.index(6), lambda: len(range(10 ** 20)), lambda: setattr(r, "start", 1), lambda: r + r, lambda: range(5) < range(6), lambda: range(stop=5), lambda: r.index("x")):
    try:
        print(action())
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError) as error:
        print(type(error).__name__, error)
it = iter(range(3))
print(next(it), list(it), type(it).__name__, repr(range(1)), repr(range(1, 2)), range(True, 3))
