b = bytearray(b"hello")
b[0] = 72
b[1:3] = b"EEE"
b.append(33)
b.extend(b"??")
b.extend([1, 2])
b.insert(0, 60)
print(b, len(b), b.pop(), b.pop(0), b)
b.remove(33)
del b[-1]
del b[::2]
b.reverse()
print(b, b + b"x", b"x" + b, b * 2, b == bytes(b), b.copy() is b, b.upper(), bytes(b))
b += b"more"
b *= 2
b.clear()
print(b, bytearray(3), bytearray("é", "latin-1"), bytearray([1]), bytearray.fromhex("ff00"))
print(bytearray(b"abc")[::-1], repr(bytearray(b"'\"")))
b = bytearray(b"abcdef")
b[::2] = b"XYZ"
print(b, b.find(b"Y"), b.split(b"b"), b.decode(), b.hex(), b.resize(3), b)
