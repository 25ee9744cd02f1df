for action in (
    lambda: min([]), lambda: max(), lambda: min(5), lambda: max(1, "a"), lambda: sum(["a"]),
    lambda: sum(["a"], ""), lambda: sum([b"a"], b""), lambda: sum(5), lambda: all(5),
    lambda: min(1, 2, default=3), lambda: max([1], key=5), lambda: sum(), lambda: any(1, 2),
    lambda: min([1], wrong=2), lambda: sum([bytearray()], bytearray()),
):
    try:
        print(action())
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)
