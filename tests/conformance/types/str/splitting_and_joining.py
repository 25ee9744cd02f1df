print("a b  c ".split(), "a,b,,c".split(","), "a,b,c".split(",", 1), "a,b,c".rsplit(",", 1), "".split(), "".split(","), " a b c ".split(None, 1), " a b c ".rsplit(None, 1), "abc".split("abc"))
print("a\nb\r\nc\x0bd\u2028e".splitlines(), "a\nb\n".splitlines(True), "".splitlines(), "a=b=c".partition("="), "a=b=c".rpartition("="), "abc".partition("x"), "abc".rpartition("x"))
print(",".join(["a", "b"]), "".join([]), "-".join("abc"), ", ".join({"k": 1}), "x".join(["only"]), " ".join(str(i) for i in range(3)))
for action in (lambda: "a".split(""), lambda: ",".join([1]), lambda: ",".join(["a", 2]), lambda: ",".join(5), lambda: "a".partition(""), lambda: "a".split(5), lambda: "a".split(maxsplit="x"), lambda: "".join("a", "b")):
    try:
        print(action())
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)
print("  x ".strip(), "xxhixx".strip("x"), "abcba".lstrip("ab"), "abcba".rstrip("ab"), "\u3000a\u3000".strip(), "prefix-body".removeprefix("prefix-"), "body.txt".removesuffix(".txt"), "abc".strip(""))
