for action in (
    lambda: next(5), lambda: next([]), lambda: iter(5), lambda: iter(5, 6), lambda: len(5), lambda: len(),
    lambda: next(), lambda: len(iter([])), lambda: iter(), lambda: next(iter([])), lambda: len(x for x in ()),
    lambda: iter([1], 2),
):
    try:
        print(action())
    except (TypeError, StopIteration) as error:
        print(type(error).__name__, error)
