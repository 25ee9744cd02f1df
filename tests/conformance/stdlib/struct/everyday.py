import struct
print(struct.pack("<IhB", 1, -2, 255), struct.unpack("<IhB", b"\x01\x00\x00\x00\xfe\xff\xff"), struct.calcsize("bi"), struct.calcsize("<bi"), struct.pack(">d", 1.5), struct.unpack("<f", struct.pack("<f", 0.1)), struct.pack("5s", b"ab"), struct.pack("3p", b"xyz"), struct.pack("?c", True, b"x"), struct.pack("<q", -1), struct.pack(">e", 1.5), struct.pack("2xh", 1), list(struct.iter_unpack("<H", b"\x01\x00\x02\x00")), struct.pack("!Q", 2 ** 64 - 1), struct.pack("<3h", 1, 2, 3))
s = struct.Struct("<2i")
buf = bytearray(10)
s.pack_into(buf, 1, 5, 6)
print(s.size, s.format, buf, s.unpack_from(buf, 1), struct.unpack_from("<h", buf, 1), struct.pack("n", -1) == b"\xff" * 8)
for action in (lambda: struct.pack("B", 256), lambda: struct.pack("b", "x"), lambda: struct.pack("i"), lambda: struct.unpack("i", b"x"), lambda: struct.pack("z", 1), lambda: struct.pack("c", b"ab"), lambda: struct.pack("<q", 2 ** 63), lambda: struct.pack("f", 1e40), lambda: struct.calcsize("<n"), lambda: struct.pack("s", "x"), lambda: struct.unpack_from("i", b"abc", 2), lambda: struct.pack("e", 1e6), lambda: struct.pack("h", 1.5), lambda: struct.Struct(5), lambda: struct.pack_into("i", b"x", 0, 1)):
    try:
        print(action())
    except (struct.error, TypeError, OverflowError) as error:
        print(type(error).__name__, error)
