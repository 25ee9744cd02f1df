# -i runs statements from standard input, shows prompts and errors on standard error, and looks around after a program.
import subprocess
import sys


def session(text, *args):
    done = subprocess.run([sys.executable, "-I", "-q", "-i", *args], input=text, capture_output=True, text=True)
    print(done.returncode)
    print(done.stdout, end="")
    print("--")
    print(done.stderr, end="")
    print("==")


session("x = 1\nx\n'a' 'b'\nNone\n_\n")
session("def f(a):\n    return 1 / a\n\nf(0)\nif 1:\n    print(2)\n\nprint(3)\n")
session("1 +\nprint('on')\n    2\n")
session("import sys\nsys.ps1, sys.ps2 = '? ', '. '\nfor i in 1, 2:\n  i\n\nsys.exit(3)\nprint('never')\n")
session("y\n", "-c", "y = 5")
session("import sys; sys.flags.interactive, sys.flags.inspect\nsys.argv\n")
