import struct
s = struct.Struct("<2i")
for action in (
    lambda: struct.pack("B", 256), lambda: struct.pack("b", "x"), lambda: struct.pack("i"),
    lambda: struct.unpack("i", b"x"), lambda: struct.pack("z", 1), lambda: struct.pack("c", b"ab"),
    lambda: struct.pack("<q", 2 ** 63), lambda: struct.pack("f", 1e40), lambda: struct.calcsize("<n"),
    lambda: struct.pack("s", "x"), lambda: struct.unpack_from("i", b"abc", 2), lambda: struct.pack("e", 1e6),
    lambda: struct.pack("h", 1.5), lambda: struct.Struct(5), lambda: struct.pack_into("i", b"x", 0, 1),
):
    try:
        print(action())
    except (struct.error, TypeError, OverflowError) as error:
        print(type(error).__name__, error)
