"""A file of compiled code is a program."""
import os
import py_compile
import subprocess
import sys

with open("program.py", "w") as file:
    file.write("import sys\nprint(__name__, __file__, __cached__, __spec__, type(__loader__).__name__, sys.argv)\n")
py_compile.compile("program.py", "program.pyc")
os.remove("program.py")
done = subprocess.run([sys.executable, "program.pyc", "a"], capture_output=True, text=True)
print(done.returncode, done.stdout, done.stderr)
