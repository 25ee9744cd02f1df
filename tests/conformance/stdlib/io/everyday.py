import io
s = io.StringIO("a\nb\n")
print(s.read(1), s.readline() == "\n", s.readlines(), s.tell(), s.seek(0), list(s), s.getvalue())
print(s.seek(0, 2), s.write("c"), s.getvalue(), s.truncate(2), s.getvalue())
b = io.BytesIO(b"hello")
print(b.read(2), b.getvalue(), b.seek(-2, 2), b.read(), b.getbuffer().nbytes, b.readinto(bytearray(3)))
print(b.write(b"!"), b.getvalue(), b.closed)
t = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\r\n", write_through=True)
t.write("é\n")
print(t.buffer.getvalue(), t.encoding, t.detach().getvalue())
r = io.BufferedReader(io.BytesIO(b"abcdef"), buffer_size=3)
print(r.peek(1)[:1], r.read(2), r.read1(10), r.read(), r.seek(0), r.readline())
w = io.BufferedWriter(raw := io.BytesIO())
w.write(b"x")
before = raw.getvalue()
w.flush()
print(before, raw.getvalue())
s.close()
class Raw(io.RawIOBase):
    def readable(self): return True
    def readinto(self, b):
        b[:1] = b"z"
        return 1
print(io.BufferedReader(Raw(), 4).read(3), io.SEEK_END, io.DEFAULT_BUFFER_SIZE, isinstance(b, io.IOBase))
print(io.IncrementalNewlineDecoder(None, True).decode("a\r\nb\r"))
