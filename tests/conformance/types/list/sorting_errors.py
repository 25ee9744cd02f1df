for action in (
    lambda: sorted([1, "a"]), lambda: [None, 1].sort(), lambda: sorted([1], key=5), lambda: sorted(5),
    lambda: [1, 2].sort(lambda x: x), lambda: sorted([1, 2], key=lambda x: 1 / 0),
    lambda: [3, 1].sort(reverse="x"), lambda: sorted([1j, 2j]),
):
    try:
        print(action())
    except (TypeError, ZeroDivisionError) as error:
        print(type(error).__name__, error)
