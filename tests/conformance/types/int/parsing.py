for text in ("0", " 42 ", "-7", "+8", "1_000", "\n5\t", "٣", "0012"):
    print(repr(text), int(text))
for text, base in (
    ("ff", 16), ("0xff", 16), ("0b101", 0), ("0o17", 0), ("z", 36), ("101", 2), ("-0x1A", 0), ("0_1", 3),
):
    print(text, base, int(text, base))
for args in (
    ("",), ("x",), ("1.5",), ("1__0",), ("_1",), ("0x",), ("09", 0), ("2", 2), ("1", 1), ("1", 37), (1, 2),
    (None,), ([],), ("\ud800",), (b"12x",), ("1" * 5000,), ("+ 1",),
):
    try:
        print(int(*args))
    except (ValueError, TypeError) as error:
        print(type(error).__name__, str(error)[:120])
print(int(), int(3.99), int(-3.99), int(True), int(b"15"), int(bytearray(b" 7 ")), int(1e20))
for value in (float("nan"), float("inf")):
    try:
        int(value)
    except (ValueError, OverflowError) as error:
        print(type(error).__name__, error)
