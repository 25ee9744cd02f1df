print(list(enumerate("ab")), list(enumerate("ab", 5)), list(enumerate(iterable="x", start=-1)), list(zip("abc", [1, 2])), list(zip()), list(zip([1], [2], [3])), list(map(str, [1, 2])), list(map(lambda a, b: a + b, [1, 2], [10, 20, 30])), list(filter(None, [0, 1, "", "a"])), list(filter(lambda x: x > 1, [1, 2, 3])), list(reversed([1, 2])), list(reversed(range(3))), list(reversed("ab")), list(reversed({"x": 1, "y": 2})))
print(list(zip("ab", [1, 2], strict=True)), next(enumerate(["x"])), list(map(str, [1, 2], strict=True)))
for action in (lambda: list(zip("ab", [1], strict=True)), lambda: list(zip("a", [1, 2], strict=True)), lambda: list(zip("ab", "ab", "a", strict=True)), lambda: zip(5), lambda: zip([], 5), lambda: map(str), lambda: list(map(5, [1])), lambda: filter(None), lambda: filter(None, 5), lambda: reversed(5), lambda: reversed({1}), lambda: enumerate(5), lambda: enumerate(), lambda: enumerate([], "x"), lambda: map(), lambda: zip(strict=1, x=2), lambda: list(map(str, [1], [2, 3], strict=True)), lambda: reversed()):
    try:
        print(action())
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
it = map(lambda x: 1 // x, [1, 0, 2])
print(next(it))
try:
    next(it)
except ZeroDivisionError:
    print(next(it))
z = zip(iter([1, 2, 3]), iter([1]))
print(list(z), type(z).__name__, iter(z) is z)
