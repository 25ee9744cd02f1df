from itertools import *
a, b = tee([1, 2, 3])
for action in (
    lambda: islice([1], -1), lambda: combinations("a", -1), lambda: list(batched("abc", 2, strict=True)),
    lambda: batched("a", 0), lambda: count("x"), lambda: chain.from_iterable(5).__next__(),
    lambda: next(cycle([])), lambda: tee([], -1), lambda: product(repeat=-1), lambda: islice([1], 1, 2, 0),
    lambda: list(starmap(pow, [5])), lambda: repeat(), lambda: groupby(5), lambda: accumulate(5),
):
    try:
        print(action())
    except (ValueError, TypeError, StopIteration) as error:
        print(type(error).__name__, error)
