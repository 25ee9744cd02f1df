print(next(iter([1])), next(iter([]), "default"), len("abc"), len({1: 2}), len(range(5)))
print(list(iter(lambda it=iter([1, 2, 0, 3]): next(it), 0)), len(b"ab"), len({1, 2}))
print(iter([]).__next__.__name__)
