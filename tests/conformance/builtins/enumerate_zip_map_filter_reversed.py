print(list(enumerate("ab")), list(enumerate("ab", 5)), list(enumerate(iterable="x", start=-1)))
print(list(zip("abc", [1, 2])), list(zip()), list(zip([1], [2], [3])), list(map(str, [1, 2])))
print(list(map(lambda a, b: a + b, [1, 2], [10, 20, 30])), list(filter(None, [0, 1, "", "a"])))
print(list(filter(lambda x: x > 1, [1, 2, 3])), list(reversed([1, 2])), list(reversed(range(3))))
print(list(reversed("ab")), list(reversed({"x": 1, "y": 2})))
print(list(zip("ab", [1, 2], strict=True)), next(enumerate(["x"])), list(map(str, [1, 2], strict=True)))
it = map(lambda x: 1 // x, [1, 0, 2])
print(next(it))
try:
    next(it)
except ZeroDivisionError:
    print(next(it))
z = zip(iter([1, 2, 3]), iter([1]))
print(list(z), type(z).__name__, iter(z) is z)
