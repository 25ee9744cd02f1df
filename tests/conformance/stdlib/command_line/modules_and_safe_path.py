# What `-m`, `-c` and standard input put at the head of sys.path, and what -P and -I leave out.
import os, subprocess, sys

def run(*args, input=None, **env):
    environment = {**os.environ, **env}
    done = subprocess.run([sys.executable, *args], input=input, capture_output=True, text=True, env=environment)
    print(args, done.returncode, done.stdout.strip(), done.stderr.strip().rpartition("\n")[2].rpartition(": ")[2])

os.mkdir("pkg")
for name, text in (
    ("pkg/__init__.py", ""), ("pkg/__main__.py", "import sys; print('main of', __package__, sys.path[0])"),
    ("alone.py", "import sys; print(__name__, sys.path[0], sys.argv[0])"),
    ("test_a.py", "import unittest\nclass A(unittest.TestCase):\n    def test(self): print('ran')\n"),
):
    with open(name, "w") as file:
        file.write(text)
run("-m", "pkg")
run("-m", "alone")
run("-m", "unittest", "-q", "test_a")
run("-P", "-m", "alone")
run("-I", "-m", "alone")
run("-m", "alone", PYTHONSAFEPATH="1")
show = "import sys; print('' in sys.path)"
for option in ((), ("-P",), ("-I",)):
    run(*option, "-c", show)
    run(*option, input=show)
run("-c", show, PYTHONSAFEPATH="1")
