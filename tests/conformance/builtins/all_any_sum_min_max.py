print(all([]), all([1, 0]), all(iter([1, 2])), any([]), any([0, "", None]), any([0, 5]), sum([]), sum([1, 2, 3]), sum([1.5, 2]), sum([[1], [2]], []), sum(range(101)), sum([1, 2], start=10), sum([0.1] * 10))
print(min(3, 1, 2), max([3, 1, 2]), min("hello"), max("a", "b", key=lambda c: -ord(c)), min([], default="none"), max(["aa", "b"], key=len), min(1, 1.0), max((1, 2), (1, 3)), min({3: 1, 2: 1}), max([1, 5, 5.0]))
for action in (lambda: min([]), lambda: max(), lambda: min(5), lambda: max(1, "a"), lambda: sum(["a"]), lambda: sum(["a"], ""), lambda: sum([b"a"], b""), lambda: sum(5), lambda: all(5), lambda: min(1, 2, default=3), lambda: max([1], key=5), lambda: sum(), lambda: any(1, 2), lambda: min([1], wrong=2), lambda: sum([bytearray()], bytearray())):
    try:
        print(action())
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)
