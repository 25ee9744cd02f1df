b = b"hello\x00\xff"
for action in (
    lambda: bytes([256]), lambda: bytes(-1), lambda: bytes("x"), lambda: bytes([1, "a"]), lambda: b"a" + "b",
    lambda: b[100], lambda: b["a"], lambda: b"a" % 1, lambda: b"%d" % "x", lambda: bytes.fromhex("0g"),
    lambda: bytes.fromhex("abc"), lambda: b"abc".find("a"), lambda: b",".join(["a"]), lambda: "a" in b,
    lambda: 300 in b, lambda: bytes(1.5), lambda: bytes(1, "utf-8"), lambda: b"a".hex("--"),
    lambda: b"abc".index(b"x"), lambda: b"a".split(b""), lambda: bytes("a", 5), lambda: b"a".center(3, b"xy"),
):
    try:
        print(action())
    except (ValueError, TypeError, IndexError) as error:
        print(type(error).__name__, error)
