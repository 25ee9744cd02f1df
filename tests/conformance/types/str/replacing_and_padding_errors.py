table = str.maketrans({"a": "1", "b": None, "c": "xyz", 100: 101})
for action in (
    lambda: "a".center(5, "xx"), lambda: "a".center("x"), lambda: str.maketrans("ab", "c"),
    lambda: str.maketrans(5), lambda: "a".translate(5), lambda: "a".replace("a"), lambda: "a".replace(1, "b"),
    lambda: "a".zfill("x"), lambda: str.maketrans({"ab": 1}), lambda: "a".expandtabs("x"),
):
    try:
        print(action())
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)
