for s, codec in (
    ("héllo", "utf-8"), ("héllo", "latin-1"), ("héllo", "utf-16-le"), ("日本😀", "utf-16-be"),
    ("日本😀", "utf-32-le"), ("abc", "ascii"), ("héllo", "cp1252"), ("é", "utf-8-sig"), ("aé", "unicode_escape"),
    ("aé", "raw_unicode_escape"), ("bücher.example", "idna"), ("bücher", "punycode"),
):
    b = s.encode(codec)
    print(codec, b, b.decode(codec) == s)
print("é日".encode("ascii", "ignore"), "é日".encode("ascii", "replace"))
print("é日".encode("ascii", "xmlcharrefreplace"), "é日".encode("ascii", "backslashreplace"))
print("é日".encode("ascii", "namereplace"))
print(b"a\xffb".decode("utf-8", "replace"), b"a\xffb".decode("utf-8", "ignore"))
print(ascii(b"a\xffb".decode("utf-8", "surrogateescape")), b"a\xffb".decode("utf-8", "backslashreplace"))
print(b"\xe2\x82".decode("utf-8", "replace") == "\ufffd")
print(str(b"abc"), str(b"abc", "ascii"), str(b"\xe9", "latin-1"), str(bytearray(b"x"), encoding="utf-8"))
