# A ResourceWarning says where the file was opened when memory is traced.
import gc
import subprocess
import sys

program = """
import gc
def forget():
    open("file", "w")
forget()
gc.collect()
"""
with open("program.py", "w") as file:
    file.write(program)
for options in [], ["-X", "tracemalloc"], ["-X", "tracemalloc=2"]:
    done = subprocess.run([sys.executable, "-W", "always", *options, "program.py"], capture_output=True, text=True)
    lines = [line for line in done.stderr.splitlines() if "lineno" in line or "llocat" in line]
    print(options, *lines, sep="\n")
