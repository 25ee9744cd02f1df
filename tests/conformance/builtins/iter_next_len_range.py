print(next(iter([1])), next(iter([]), "default"), len("abc"), len({1: 2}), len(range(5)), list(iter(lambda it=iter([1, 2, 0, 3]): next(it), 0)), len(b"ab"), len({1, 2}), iter([]).__next__.__name__)
for action in (lambda: next(5), lambda: next([]), lambda: iter(5), lambda: iter(5, 6), lambda: len(5), lambda: len(), lambda: next(), lambda: len(iter([])), lambda: iter(), lambda: next(iter([])), lambda: len(x for x in ()), lambda: iter([1], 2)):
    try:
        print(action())
    except (TypeError, StopIteration) as error:
        print(type(error).__name__, error)
