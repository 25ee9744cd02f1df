# The status that sys.exit leaves.
import subprocess, sys

for code in ("E.BAD", "True", "False", "None", "2**70", "-2**70", "2**32 + 3", "-1", "256", "I(7)", "'text'", "(1, 2)", "1.0"):
    program = f"import enum, sys\nclass E(enum.IntEnum):\n    BAD = 4\nclass I(int):\n    pass\nsys.exit({code})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    print(code, done.returncode, done.stderr.strip())
