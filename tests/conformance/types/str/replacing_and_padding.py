print("aaa".replace("a", "b"), "aaa".replace("a", "b", 2), "abc".replace("", "-"), "abc".replace("x", "y"), "aXbX".replace("X", ""), "abc".replace("b", "日"), "aaaa".replace("aa", "b"), "abc".replace("b", "x", count=1))
print("ab".center(7, "*") + "|", "ab".ljust(5) + "|", "ab".rjust(5, ".") + "|", "abc".center(2), "-42".zfill(6), "+1".zfill(1), "abc".zfill(5), "a\tb\tc".expandtabs(4), "\t".expandtabs(0) + "|", "ab\tc\n\td".expandtabs())
table = str.maketrans({"a": "1", "b": None, "c": "xyz", 100: 101})
print("abcd".translate(table), "hello".translate(str.maketrans("el", "ip", "o")), "abc".translate({97: 98}))
print("ab" * 3, 0 * "ab", "ab" * -1, "abcdef"[::-1], "abcdef"[1:5:2], "abcdef"[-3:], "abc"[5:], "é日😀"[::-1], "é日😀"[1], len("é日😀"))
for action in (lambda: "a".center(5, "xx"), lambda: "a".center("x"), lambda: str.maketrans("ab", "c"), lambda: str.maketrans(5), lambda: "a".translate(5), lambda: "a".replace("a"), lambda: "a".replace(1, "b"), lambda: "a".zfill("x"), lambda: str.maketrans({"ab": 1}), lambda: "a".expandtabs("x")):
    try:
        print(action())
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)
