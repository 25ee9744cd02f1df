with open("t.txt", "w", newline="") as f:
    f.write("a\r\nb\nc\rd")
for newline in (None, "", "\n", "\r", "\r\n"):
    with open("t.txt", newline=newline) as f:
        print(repr(newline), f.readlines())
with open("t.bin", "wb") as f:
    print(f.write(b"\x00\x01\x02"), f.tell())
with open("t.bin", "r+b") as f:
    f.seek(1)
    f.write(b"X")
    f.seek(0)
    print(f.read(), f.seek(-1, 2), f.read(1), f.truncate(2))
with open("t.bin", "ab") as f:
    f.write(b"end")
print(open("t.bin", "rb").read())
with open("u.txt", "w", encoding="utf-16") as f:
    f.write("é日")
print(open("u.txt", "rb").read()[:2] in (b"\xff\xfe", b"\xfe\xff"), open("u.txt", encoding="utf-16").read())
with open("x.txt", "x") as f:
    f.writelines(["a\n", "b\n"])
with open("x.txt", "a+") as f:
    f.write("c\n")
    f.seek(0)
    print([line.rstrip() for line in f], f.encoding.lower(), f.errors, f.line_buffering)
with open("l.bin", "wb") as f:
    f.write(b"\xff\xfeabc")
try:
    open("l.bin", encoding="utf-8").read()
except UnicodeDecodeError as error:
    print(error)
print(open("l.bin", encoding="utf-8", errors="replace").read() == "\ufffd\ufffdabc")
print(open("l.bin", encoding="latin-1").read() == "ÿþabc")
