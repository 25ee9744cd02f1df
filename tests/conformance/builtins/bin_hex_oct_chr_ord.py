print(bin(10), bin(-10), hex(255), hex(-255), oct(64), chr(97), chr(0x1F600), ord("a"), ord("😀"), ord(b"a"), bin(2 ** 70), ascii("é"), ascii([1, "日"]), bin(True), chr(0) == "\0")
class I:
    def __index__(self): return 12
print(bin(I()), hex(I()), chr(I()) == "\x0c")
for action in (lambda: bin(1.5), lambda: hex("x"), lambda: chr(-1), lambda: chr(0x110000), lambda: chr("a"), lambda: ord("ab"), lambda: ord(5), lambda: ord(""), lambda: ord(b""), lambda: chr(1.0), lambda: oct()):
    try:
        print(action())
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
