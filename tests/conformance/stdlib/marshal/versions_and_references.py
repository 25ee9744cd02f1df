# What each version of the format can hold, what is shared in it, and what is refused.
import io
import marshal

x = [1, "text", b"bytes", 2.5, 1j, None, ..., (), frozenset({3}), 1 << 100, -(1 << 70)]
for version in range(marshal.version + 1):
    again = marshal.loads(marshal.dumps(x, version))
    print(version, again == x, [type(item).__name__ for item in again])

shared = ["shared"]
pair = marshal.loads(marshal.dumps((shared, shared)))
print(pair[0] is pair[1], marshal.loads(marshal.dumps((shared, shared), 2))[0] is pair[1])
loop = []
loop.append(loop)
again = marshal.loads(marshal.dumps(loop))
print(again[0] is again)
loop = ([],)
loop[0].append(loop)
again = marshal.loads(marshal.dumps(loop))
print(again[0][0] is again)


def refused(action, *args, **keywords):
    try:
        print("no error", action(*args, **keywords))
    except Exception as error:
        print(type(error).__name__, error)


class Number(int):
    pass


code = compile("1 + x", "<s>", "eval")
print(eval(marshal.loads(marshal.dumps(code)), {"x": 2}))
for value in (Number(), object(), [].append, type):
    refused(marshal.dumps, value)
refused(marshal.dumps, slice(1), 4)
refused(marshal.dumps, code, allow_code=False)
refused(marshal.loads, marshal.dumps(code), allow_code=False)
refused(marshal.dumps, loop, 2)
for data in (b"", b"i\1", b"?", b"l\2\0\0\0\0\0\0\0", b"l\1\0\0\0\0\x80", b"r\0\0\0\0", b"(\xff\xff\xff\x7f", b"[\1\0\0\0"):
    refused(marshal.loads, data)
print(marshal.loads(b"I\xfe\xdc\xba\x98\x76\x54\x32\x10"), marshal.loads(b"f\x03" + b"1.5"))
print(marshal.loads(marshal.dumps(bytearray(b"array"))), marshal.loads(marshal.dumps(memoryview(b"view"))))

file = io.BytesIO()
for value in (1, "two", [3]):
    marshal.dump(value, file)
file.seek(0)
print(marshal.load(file), marshal.load(file), marshal.load(file), file.read())
refused(marshal.load, io.StringIO("text"))
