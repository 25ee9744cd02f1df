for action in (
    lambda: bin(1.5), lambda: hex("x"), lambda: chr(-1), lambda: chr(0x110000), lambda: chr("a"),
    lambda: ord("ab"), lambda: ord(5), lambda: ord(""), lambda: ord(b""), lambda: chr(1.0), lambda: oct(),
):
    try:
        print(action())
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
