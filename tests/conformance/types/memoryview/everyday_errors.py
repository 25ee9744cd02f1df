m = memoryview(bytearray(b"hello world"))
m[0] = 72
m[1:3] = b"EL"
import array
a = memoryview(array.array("i", [1, 2, 3]))
c = memoryview(bytes(range(12))).cast("B", (3, 4))
r = memoryview(b"fixed")
for action in (
    lambda: r.__setitem__(0, 1), lambda: m.__setitem__(0, 300), lambda: m[100], lambda: m["a"],
    lambda: memoryview("str"), lambda: memoryview(5), lambda: m.__setitem__(slice(0, 2), b"abc"),
    lambda: m.cast("i"), lambda: hash(m), lambda: m.__delitem__(0), lambda: m.__setitem__(0, "x"),
    lambda: m < m, lambda: c[0],
):
    try:
        print(action())
    except (TypeError, ValueError, IndexError, NotImplementedError, BufferError) as error:
        print(type(error).__name__, error)
