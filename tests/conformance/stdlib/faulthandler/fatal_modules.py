# After the stack come the native modules that are not of the library, if sys.stdlib_module_names says so.
import subprocess
import sys

program = """
import faulthandler, sys
sys.stdlib_module_names = frozenset(sys.stdlib_module_names - {"faulthandler", "sys", "subprocess"})
faulthandler.enable(all_threads=False, c_stack=False)
faulthandler._sigabrt()
"""
done = subprocess.run([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True)
print(done.returncode, done.stderr.splitlines()[:-1])
line = done.stderr.splitlines()[-1]
start, names, total = line[: line.index(":")], line[line.index(":") + 1 : line.index("(")], line[line.index("(") :]
print(start, sorted(names.strip().split(", ")), total)
