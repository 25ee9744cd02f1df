# Arrays of numbers and characters: every type code, subscripts, buffers, files, pickles.
import array
import collections.abc
import copy
import io
import pickle
import warnings

warnings.simplefilter("ignore")
A = array.array
print(array.typecodes, array.ArrayType is A, issubclass(A, collections.abc.MutableSequence))
for code in array.typecodes:
    if code in "uw":
        a = A(code, "añ\U0001f600")
    elif code in "fd":
        a = A(code, [1, -2.5])
    else:
        a = A(code, [1, 2, 100])
    print(repr(a), a.itemsize, a.typecode, a.tobytes(), memoryview(a).format, a.tolist())
    for protocol in range(6):
        b = pickle.loads(pickle.dumps(a, protocol))
        assert b == a and b.typecode == code
a = A("i", [1, 2, 3, 4, 5])
print(a[0], a[-1], a[1:3], a[::-2], len(a), 3 in a, "x" in a)
a[0] = 9
a[1:3] = A("i", [7])
a[::2] = A("i", [0, 0])
print(a)
del a[0], a[1:2]
print(a, a + A("i", [3]), a * 2, 2 * a, a * -1)
a += A("i", [3, 4])
a *= 2
a.extend(a)
a.extend(range(2))
a.insert(0, 100)
a.insert(-1, 200)
print(a, a.pop(), a.pop(0), a.index(4), a.index(4, -3), a.count(4))
a.remove(4)
a.reverse()
a.byteswap()
a.byteswap()
print(a, a < A("i", [99]), a == A("d", a), A("d", [float("nan")]) == A("d", [float("nan")]))
a.frombytes(b"\1\0\0\0")
a.fromlist([5])
print(a.tolist())
file = io.BytesIO()
a.tofile(file)
file.seek(0)
b = A("i")
b.fromfile(file, len(a))
print(a == b, A("w", "abc").tounicode(), A("w", A("u", "ab")), A("d", A("i", [1])))
iterator = iter(A("i", [1, 2, 3]))
print(next(iterator), iterator.__reduce__(), list(iterator), iterator.__reduce__())


class Sub(A):
    pass


s = Sub("i", [1])
s.name = 1
print(s, type(s[:0]), type(copy.copy(s)), s.__reduce_ex__(2), s.__reduce_ex__(3))
print(pickle.loads(pickle.dumps(s)).name)
make = array._array_reconstructor
print(make(A, "i", 9, b"\0\0\0\1"), make(A, "d", 14, b"\0\0\x80\x3f"), make(A, "b", 2, b"a\0"), make(A, "Q", 12, b"\xff" * 8))
print(make(A, "w", 18, "añ日".encode("utf-16-le") + b"\0\0"), make(A, "w", 21, "ab".encode("utf-32-be")))
view = memoryview(a)
view[0] = 42
print(a[0], view.tolist() == a.tolist(), bytes(memoryview(b"ab")[:1]))
match A("i", [1, 2]):
    case [x, y]:
        print(x, y)
