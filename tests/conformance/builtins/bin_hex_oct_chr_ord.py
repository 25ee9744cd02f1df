print(bin(10), bin(-10), hex(255), hex(-255), oct(64), chr(97), chr(0x1F600), ord("a"), ord("😀"), ord(b"a"))
print(bin(2 ** 70), ascii("é"), ascii([1, "日"]), bin(True), chr(0) == "\0")
class I:
    def __index__(self): return 12
print(bin(I()), hex(I()), chr(I()) == "\x0c")
