import io, sys
sys.stdin = io.StringIO("first line\nsecond\n")
print(repr(input()), repr(input("prompt: ")))
try:
    input()
except EOFError as error:
    print(error)
with open("f.txt", "w") as f:
    print(f.write("one\ntwo\n"), f.name, f.mode, f.closed, f.writable(), f.readable())
with open("f.txt") as f:
    print(f.readline(), f.read(), f.read() == "", f.tell(), f.seek(0), list(f))
print(f.closed)
