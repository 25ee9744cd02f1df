for action in (
    lambda: sorted(), lambda: sorted([1], [2]), lambda: sorted(1), lambda: sorted([1, None]),
    lambda: sorted([1], key=1), lambda: sorted([1], rev=1),
):
    try:
        print(action())
    except TypeError as error:
        print(error)
