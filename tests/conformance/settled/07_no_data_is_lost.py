# What was written can be read, although nobody closed the file.
open("one.txt", "w").write("some text\n")
print(repr(open("one.txt").read()))
open("one.txt", "ab").write(b"more\n")
print(open("one.txt", "rb").read())

def save(name, lines):
    f = open(name, "w")
    for line in lines:
        print(line, file=f)

save("two.txt", range(3))
print(open("two.txt").read().split())

import os, subprocess, sys
f = open("three.txt", "w")
f.write("before the end of the process")
code = "f = open('four.txt', 'w'); f.write('flushed at exit')"
subprocess.run([sys.executable, "-c", code])
print(open("four.txt").read())
f.close()
print(open("three.txt").read())
many = [open("one.txt") for _ in range(50)]
del many
for _ in range(3000):
    open("one.txt").readline()
print("3000 unclosed files are no problem")
