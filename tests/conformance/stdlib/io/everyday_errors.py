import io
s = io.StringIO("a\nb\n")
b = io.BytesIO(b"hello")
t = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\r\n", write_through=True)
r = io.BufferedReader(io.BytesIO(b"abcdef"), buffer_size=3)
w = io.BufferedWriter(raw := io.BytesIO())
s.close()
for action in (
    lambda: s.read(), lambda: io.StringIO().write(b"x"), lambda: io.BytesIO().write("x"),
    lambda: io.StringIO("x").seek(-1), lambda: io.StringIO().seek(1, 1), lambda: io.BytesIO(b"x").seek(-5, 1),
    lambda: io.StringIO(5), lambda: io.RawIOBase().read(1), lambda: io.IOBase().fileno(),
    lambda: io.StringIO().fileno(), lambda: io.BufferedReader(5),
    lambda: io.TextIOWrapper(io.BytesIO(), encoding="nope"), lambda: io.BytesIO("x"),
):
    try:
        print(action())
    except (ValueError, TypeError, OSError, AttributeError, LookupError, NotImplementedError) as error:
        print(type(error).__name__, error)
