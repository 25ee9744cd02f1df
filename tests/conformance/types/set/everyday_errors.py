for action in (
    lambda: set().pop(), lambda: {1}.remove(5), lambda: {[]}, lambda: {1} | [2], lambda: {1}.add([]),
    lambda: {1} < 5, lambda: {1} + {2}, lambda: hash({1}), lambda: set(5), lambda: {1}[0],
    lambda: frozenset([1]).add(2), lambda: {1}.remove([1]), lambda: set(1, 2), lambda: {1}.union(5),
    lambda: {1}.update(5), lambda: {1} - [1],
):
    try:
        print(action())
    except (KeyError, TypeError, AttributeError) as error:
        print(type(error).__name__, error)
