"""Without ranges, tracebacks have no carets; misspelt keywords are recognised in the program of -c."""
import os
import subprocess
import sys

CODE = "def f(x):\n    return 1 + x / 0\nprint(list(f.__code__.co_positions())[-1])\nf(1)"
for options, env in (((), {}), (("-X", "no_debug_ranges"), {}), ((), {"PYTHONNODEBUGRANGES": "1"})):
    done = subprocess.run([sys.executable, *options, "-c", CODE], capture_output=True, text=True, env=os.environ | env)
    print(done.stdout if options or env else "", done.stderr)
for code in ("fro i in range(3): pass", "while True:\n    paas", "for i in x:\n  pass\nelso:\n  pass", "def f():\n    retrun 3"):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    print(done.stderr)
