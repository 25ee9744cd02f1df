# What -m, -c and a script's name make of __main__ and the head of sys.path.
import subprocess
import sys

TEXT = """
import os, sys
loader = __loader__ if isinstance(__loader__, type) else type(__loader__)
print(__name__, sys.path[0] == os.getcwd(), loader.__name__, __spec__ and __spec__.name)
"""
with open("here.py", "w") as file:
    file.write(TEXT)


def run(*args):
    done = subprocess.run([sys.executable, *args], capture_output=True, text=True)
    print(args[0], done.returncode, done.stdout, end="")
    if done.returncode:
        print("No module named here" in done.stderr)


run("-m", "here")
run("here.py")
run("-c", TEXT)
run("-P", "-m", "here")
