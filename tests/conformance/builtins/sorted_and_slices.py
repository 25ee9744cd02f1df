print(sorted([3, 1, 2]), sorted("hello", reverse=True), sorted({"b": 1, "a": 2}), sorted([(2, 1), (1, 2)], key=lambda t: t[1]), sorted(iter([2, 1])), sorted([], key=None), sorted([True, 0, 2.5]))
print(slice(3), list(range(10))[slice(2, 8, 3)], sorted(["B", "a"], key=str.casefold), sorted(range(5), key=lambda v: (v % 2, -v)))
for action in (lambda: sorted(), lambda: sorted([1], [2]), lambda: sorted(1), lambda: sorted([1, None]), lambda: sorted([1], key=1), lambda: sorted([1], rev=1)):
    try:
        print(action())
    except TypeError as error:
        print(error)
