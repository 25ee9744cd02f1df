# Every code with numbers at and beyond its range, and where packing and unpacking may start.
import struct


def show(function, *args, **kwargs):
    try:
        print(function.__name__, args, kwargs, function(*args, **kwargs))
    except Exception as error:
        print(function.__name__, args, kwargs, type(error).__name__, error)


for order in "", "<", ">":
    for code in "bBhHiIlLqQ?fdeFD":
        for value in 2**200, 2**63, -(2**63) - 1, 2**64, -1, 1.5, "x", None:
            show(struct.pack, order + code, value)
for code in "nNP":
    for value in 2**200, 2**63, 2**64, -1:
        show(struct.pack, code, value)
    show(struct.pack, "<" + code, 1)
for value in b"a", b"ab", "a", bytearray(b"abc"), 1:
    for code in "c", "s", "p", "0s", "0p", "2p", "5s":
        show(struct.pack, code, value)
for code in "0p", "1p", "5p":
    show(struct.unpack, code, b"\x09abcd"[: struct.calcsize(code)])
for code in "e", "f", "d":
    show(struct.pack, code, 1e300)
    show(struct.pack, code, float("inf"))

for format in "", "bi", "b0i", "<bi", "  i \t\n x", "bD", "bF", "2 i", "i<", "z", "5", "i\0", "é", b"\xff", 1:
    show(struct.calcsize, format)
show(struct.calcsize, "9223372036854775807i")
show(struct.calcsize, "99999999999999999999i")

array = bytearray(10)
for offset in 0, 6, 7, 20, -3, -4, -10, -11, "x", 2**100:
    show(struct.pack_into, "i", array, offset, 1)
    if isinstance(offset, int) and offset < 2**63:
        show(struct.unpack_from, "i", array, offset)
show(struct.pack_into, "i")
show(struct.pack_into, "i", array)
show(struct.pack_into, "i", array, 0)
show(struct.pack_into, "i", array, 0, 1, 2)
show(struct.pack_into, "i", b"constant", 0, 1)
show(struct.pack)
show(struct.unpack, "i", b"abc")
show(struct.unpack, "i", "abcd")
show(struct.unpack_from, "i", buffer=b"abcdef", offset=1)
show(struct.iter_unpack, "i", b"abc")
show(struct.iter_unpack, "", b"")

iterator = struct.iter_unpack("hh", b"abcdefgh")
print(iterator.__length_hint__(), next(iterator), iterator.__length_hint__(), list(iterator), list(iterator))
whole = struct.Struct(b"ii")
print(whole, whole.format, whole.size, struct.error, struct.error.__mro__[1])
whole.__init__("h")
print(whole, whole.pack(-2), whole.unpack(b"\xfe\xff"), list(whole.iter_unpack(b"\1\0\2\0")))
empty = struct.Struct.__new__(struct.Struct)
print(empty.size)
for use in lambda: empty.format, lambda: empty.pack(), lambda: repr(empty):
    try:
        use()
    except RuntimeError as error:
        print(error)

# A view that is being unpacked keeps the array from growing.
view = struct.iter_unpack("h", array)
try:
    array.append(1)
except BufferError as error:
    print(error)
list(view)
array.append(1)
