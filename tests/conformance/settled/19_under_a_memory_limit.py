# It starts and works when the address space is limited.
import subprocess
import sys

code = """
import gc
class C: pass
o = [C() for _ in range(10000)]
gc.collect()
print(len(o), sum(range(100)))
try:
    bytes(1 << 40)
except MemoryError:
    print("MemoryError")
"""
for limit in (4000000, 1000000):
    script = f'ulimit -v {limit}; exec "$0" -c "$1"'
    done = subprocess.run(["sh", "-c", script, sys.executable, code], capture_output=True, text=True)
    print(done.returncode, done.stdout.split(), done.stderr)
