for action in (
    lambda: "é".encode("ascii"), lambda: "日".encode("latin-1"), lambda: b"\xff".decode(),
    lambda: b"\xe2\x82".decode(), lambda: b"\xc0\x80".decode(), lambda: b"\xed\xa0\x80".decode(),
    lambda: "x".encode("nope"), lambda: "x".encode("ascii", "nope") and "é".encode("ascii", "nope"),
    lambda: b"abc".decode("utf-16"), lambda: "x".encode(5), lambda: str(b"x", "ascii", 5),
    lambda: str("x", "ascii"), lambda: b"\x80abc".decode("ascii"), lambda: "a\ud800".encode("utf-16"),
):
    try:
        print(action())
    except (UnicodeError, LookupError, TypeError) as error:
        print(type(error).__name__, error)
