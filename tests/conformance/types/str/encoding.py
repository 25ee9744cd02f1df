for s, codec in (("héllo", "utf-8"), ("héllo", "latin-1"), ("héllo", "utf-16-le"), ("日本😀", "utf-16-be"), ("日本😀", "utf-32-le"), ("abc", "ascii"), ("héllo", "cp1252"), ("é", "utf-8-sig"), ("aé", "unicode_escape"), ("aé", "raw_unicode_escape"), ("bücher.example", "idna"), ("bücher", "punycode")):
    b = s.encode(codec)
    print(codec, b, b.decode(codec) == s)
print("é日".encode("ascii", "ignore"), "é日".encode("ascii", "replace"), "é日".encode("ascii", "xmlcharrefreplace"), "é日".encode("ascii", "backslashreplace"), "é日".encode("ascii", "namereplace"))
print(b"a\xffb".decode("utf-8", "replace"), b"a\xffb".decode("utf-8", "ignore"), ascii(b"a\xffb".decode("utf-8", "surrogateescape")), b"a\xffb".decode("utf-8", "backslashreplace"), b"\xe2\x82".decode("utf-8", "replace") == "\ufffd")
for action in (lambda: "é".encode("ascii"), lambda: "日".encode("latin-1"), lambda: b"\xff".decode(), lambda: b"\xe2\x82".decode(), lambda: b"\xc0\x80".decode(), lambda: b"\xed\xa0\x80".decode(), lambda: "x".encode("nope"), lambda: "x".encode("ascii", "nope") and "é".encode("ascii", "nope"), lambda: b"abc".decode("utf-16"), lambda: "x".encode(5), lambda: str(b"x", "ascii", 5), lambda: str("x", "ascii"), lambda: b"\x80abc".decode("ascii"), lambda: "a\ud800".encode("utf-16")):
    try:
        print(action())
    except (UnicodeError, LookupError, TypeError) as error:
        print(type(error).__name__, error)
print(str(b"abc"), str(b"abc", "ascii"), str(b"\xe9", "latin-1"), str(bytearray(b"x"), encoding="utf-8"))
