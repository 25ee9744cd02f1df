b = b"hello\x00\xff"
print(b, len(b), b[0], b[-1], b[1:3], list(b"ab"), b"l" in b, 104 in b, b + b"x", b * 2, b"%d %s %x" % (5, b"s", 255), b"a" < b"b", b == bytearray(b), hash(b) == hash(bytes(b)))
print(bytes(3), bytes([1, 2, 255]), bytes("é", "utf-8"), bytes(range(3)), bytes(b"x"), bytes.fromhex("0a ff  10"), b"\x0a\xff".hex(), b"abcd".hex(":"), b"abcdef".hex("-", 2), b"abcdef".hex("-", -4), bytes(bytearray(b"q")), bytes())
print(b"a,b".split(b","), b"a b\tc".split(), b",".join([b"x", b"y"]), b"abc".replace(b"b", b""), b" x ".strip(), b"abc".find(b"c"), b"abc".find(99), b"aXb".lower(), b"abc".upper(), b"abc".center(7, b"*"), b"a\nb".splitlines(), b"ab".startswith(b"a"), b"hello".translate(None, b"l"), b"abc".partition(b"b"), b"12".isdigit(), b"ab".title(), b"7".zfill(3), b"aa".count(97), b"pre-x".removeprefix(b"pre-"), b"abc".translate(bytes.maketrans(b"a", b"z")))
for action in (lambda: bytes([256]), lambda: bytes(-1), lambda: bytes("x"), lambda: bytes([1, "a"]), lambda: b"a" + "b", lambda: b[100], lambda: b["a"], lambda: b"a" % 1, lambda: b"%d" % "x", lambda: bytes.fromhex("0g"), lambda: bytes.fromhex("abc"), lambda: b"abc".find("a"), lambda: b",".join(["a"]), lambda: "a" in b, lambda: 300 in b, lambda: bytes(1.5), lambda: bytes(1, "utf-8"), lambda: b"a".hex("--"), lambda: b"abc".index(b"x"), lambda: b"a".split(b""), lambda: bytes("a", 5), lambda: b"a".center(3, b"xy")):
    try:
        print(action())
    except (ValueError, TypeError, IndexError) as error:
        print(type(error).__name__, error)
try:
    b[0] = 1
except TypeError as error:
    print(error)
print(repr(b"it's"), repr(b'"'), repr(b"'\""), str(b"x"), ascii(b"\xff"), f"{b'x'}", f"{b'x'!s:>6}")
