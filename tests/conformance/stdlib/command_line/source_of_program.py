# Tracebacks of `-c` show the lines of the program; those of standard input do not.
import subprocess, sys

def run(*args, input=None):
    done = subprocess.run([sys.executable, *args], input=input, capture_output=True, text=True)
    print(done.stdout + done.stderr)

run("-c", "def f(x):\n    return 1 + x / 0\nf(1)")
run("-c", "\n    import traceback\n    try:\n        [].pop()\n    except IndexError:\n        traceback.print_exc()\n    class A:\n        def g(self): return self.x.y\n    A().g()\n")
run("-c", "import inspect, linecache\ndef f(): pass\nprint(linecache._getlines_from_code(f.__code__), '_imp' in vars(linecache))")
run(input="def f(x):\n    return 1 + x / 0\nf(1)")
run("-c", "1 +")
