m = memoryview(bytearray(b"hello world"))
print(m[0], m[1:4].tobytes(), len(m), m.format, m.itemsize, m.nbytes, m.shape, m.strides, m.ndim, m.readonly)
print(m.contiguous, bytes(m[::-1]), m.tolist()[:3], m == b"hello world", m[::2].tobytes())
m[0] = 72
m[1:3] = b"EL"
print(m.obj, m.hex()[:6], 72 in m, list(m[:2]), m[-1])
import array
a = memoryview(array.array("i", [1, 2, 3]))
print(a.format, a.itemsize, a.tolist(), a[1], a.cast("B").nbytes, a.cast("B").cast("i").tolist())
c = memoryview(bytes(range(12))).cast("B", (3, 4))
print(c.shape, c[1, 2], c.tolist(), c.readonly)
r = memoryview(b"fixed")
print(hash(r) == hash(b"fixed"), repr(m).startswith("<memory at 0x"))
with memoryview(b"x") as v:
    pass
try:
    v.tobytes()
except ValueError as error:
    print(error, repr(v).startswith("<released memory at"))
