# What arrays refuse, and how they say it.
import array
import io

A = array.array


def show(function, *args, **kwargs):
    try:
        print(args, kwargs, function(*args, **kwargs))
    except Exception as error:
        print(args, kwargs, type(error).__name__, error)


for args in (), (1,), ("z",), ("ii",), ("i", 1), ("i", "abc"), ("i", A("w", "a")), ("i", b"abc"), ("i", [1, "a"]), ("i", [], 1):
    show(A, *args)
for code in "bBhHiIlLqQ":
    for value in 2**70, -(2**70), 2**64, -1, 2**31, 2**16, 1.5, "a":
        show(A, code, [value])
for value in "a", [], b"a":
    show(A, "f", [value])
for value in "ab", 1:
    show(A, "w", [value])
show(A, "i", x=1)
a = A("i", [1, 2, 3])
show(a.__getitem__, 5)
show(a.__getitem__, "x")
show(a.__getitem__, 2**100)
show(a.__setitem__, 5, 1)
show(a.__setitem__, "x", 1)
show(a.__setitem__, 0, "x")
show(a.__setitem__, slice(0, 1), [1])
show(a.__setitem__, slice(0, 1), A("d"))
show(a.__setitem__, slice(None, None, 2), A("i", [1]))
show(a.__delitem__, 5)
show(a.append, "x")
show(a.append)
show(a.extend, A("d", [1]))
show(a.extend, 1)
show(a.__add__, [1])
show(a.__add__, A("d"))
show(a.__iadd__, [1])
show(a.__mul__, "x")
show(lambda: a * 2**62)
show(lambda: a < [])
show(hash, a)
show(a.pop, 9)
show(A("i").pop)
show(a.remove, 9)
show(a.index, 9)
show(a.index, 1, start=1)
show(a.frombytes, b"abc")
show(a.frombytes, "abcd")
show(a.frombytes, a)
show(a.fromlist, (1,))
show(a.fromlist, [1, "x"])
show(a.fromunicode, "a")
show(a.tounicode)
show(A("w").fromunicode, b"a")
for source, count in (b"abcdabcd", 3), (b"abcd", -1), (b"abcde", 2):
    try:
        a.fromfile(io.BytesIO(source), count)
    except Exception as error:
        print(type(error).__name__, error)
print(a)
show(a.__reduce_ex__, "x")
make = array._array_reconstructor
for args in (A, "i", 22, b""), (A, "z", 0, b""), (1, "i", 0, b""), (A, "i", 0, ""), (list, "i", 0, b""), (A, "i", 0, b"a"), (A, "d", 2, b"a"), (A, "ii", 0, b""):
    show(make, *args)
view = memoryview(a)
for name, *args in ("append", 1), ("pop",), ("extend", [1]), ("__imul__", 2), ("__delitem__", 0), ("clear",), ("insert", 0, 1), ("frombytes", b"abcd"):
    show(getattr(a, name), *args)
show(a.byteswap)
show(a.reverse)
view.release()
show(a.append, 1)
wrong = A("w")
wrong.frombytes(b"\xff" * 4)
show(wrong.tolist)
show(repr, wrong)
