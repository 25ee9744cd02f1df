for action in (
    lambda: list(zip("ab", [1], strict=True)), lambda: list(zip("a", [1, 2], strict=True)),
    lambda: list(zip("ab", "ab", "a", strict=True)), lambda: zip(5), lambda: zip([], 5), lambda: map(str),
    lambda: list(map(5, [1])), lambda: filter(None), lambda: filter(None, 5), lambda: reversed(5),
    lambda: reversed({1}), lambda: enumerate(5), lambda: enumerate(), lambda: enumerate([], "x"),
    lambda: map(), lambda: zip(strict=1, x=2), lambda: list(map(str, [1], [2, 3], strict=True)),
    lambda: reversed(),
):
    try:
        print(action())
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
