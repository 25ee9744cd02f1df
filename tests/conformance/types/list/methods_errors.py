for action in (
    lambda: [].pop(), lambda: [1].pop(5), lambda: [1].remove(2), lambda: [1].index(2), lambda: [1].pop("x"),
    lambda: [1].insert("x", 1), lambda: [1].append(), lambda: [1].extend(5), lambda: [1] + (2,),
    lambda: [1] * "x", lambda: [1] * 1.5, lambda: [1].append(x=1), lambda: [1].nothing, lambda: list(5),
    lambda: list(1, 2), lambda: hash([]), lambda: [1].index(), lambda: [1].sort(5), lambda: [1].insert(1),
    lambda: list(x=[]),
):
    try:
        print(action())
    except (IndexError, ValueError, TypeError, AttributeError) as error:
        print(type(error).__name__, error)
