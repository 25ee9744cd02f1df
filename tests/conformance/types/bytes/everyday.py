b = b"hello\x00\xff"
print(b, len(b), b[0], b[-1], b[1:3], list(b"ab"), b"l" in b, 104 in b, b + b"x", b * 2)
print(b"%d %s %x" % (5, b"s", 255), b"a" < b"b", b == bytearray(b), hash(b) == hash(bytes(b)))
print(bytes(3), bytes([1, 2, 255]), bytes("é", "utf-8"), bytes(range(3)), bytes(b"x"))
print(bytes.fromhex("0a ff  10"), b"\x0a\xff".hex(), b"abcd".hex(":"), b"abcdef".hex("-", 2))
print(b"abcdef".hex("-", -4), bytes(bytearray(b"q")), bytes())
print(b"a,b".split(b","), b"a b\tc".split(), b",".join([b"x", b"y"]), b"abc".replace(b"b", b""))
print(b" x ".strip(), b"abc".find(b"c"), b"abc".find(99), b"aXb".lower(), b"abc".upper())
print(b"abc".center(7, b"*"), b"a\nb".splitlines(), b"ab".startswith(b"a"), b"hello".translate(None, b"l"))
print(b"abc".partition(b"b"), b"12".isdigit(), b"ab".title(), b"7".zfill(3), b"aa".count(97))
print(b"pre-x".removeprefix(b"pre-"), b"abc".translate(bytes.maketrans(b"a", b"z")))
try:
    b[0] = 1
except TypeError as error:
    print(error)
print(repr(b"it's"), repr(b'"'), repr(b"'\""), str(b"x"), ascii(b"\xff"), f"{b'x'}", f"{b'x'!s:>6}")
