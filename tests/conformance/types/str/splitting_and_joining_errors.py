for action in (
    lambda: "a".split(""), lambda: ",".join([1]), lambda: ",".join(["a", 2]), lambda: ",".join(5),
    lambda: "a".partition(""), lambda: "a".split(5), lambda: "a".split(maxsplit="x"),
    lambda: "".join("a", "b"),
):
    try:
        print(action())
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)
