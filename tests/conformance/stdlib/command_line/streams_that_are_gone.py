# What a program prints and reports after it has taken the standard streams away, and what it is called when it is read.
import subprocess
import sys

PROGRAMS = [
    "import sys; del sys.stdout; print(1)",
    "import sys; sys.stdout = None; print(1)",
    "import sys; sys.stderr = None; 1/0",
    "import sys; del sys.modules['sys']; print(1)",
]
for program in PROGRAMS:
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    print(program, ran.returncode, repr(ran.stdout), ran.stderr.splitlines()[-1:])
for arguments in ([], ["-"]):
    ran = subprocess.run([sys.executable, *arguments], input="print(__file__, __cached__, __name__)", capture_output=True, text=True)
    print(arguments, ran.returncode, ran.stdout, ran.stderr)
for option in ("-z", "-Q", "--unknown"):
    ran = subprocess.run([sys.executable, option], capture_output=True, text=True)
    print(ran.returncode, ran.stderr.splitlines()[0])
