# What is finalized when the process ends, and that finalizers find their globals.
import os, subprocess, sys

def run(program, *options):
    with open("program.py", "w") as file:
        file.write(program)
    done = subprocess.run([sys.executable, *options, "program.py"], capture_output=True, text=True)
    print(done.returncode, done.stdout.splitlines())
    # The lines of the source are there or not, as late as this.
    for line in (line for line in done.stderr.splitlines() if not line.startswith("    ") and "/asyncio/" not in line):
        print("   ", line.replace(os.getcwd(), "<cwd>").split(" at 0x")[0])

run("""
import sys, atexit
class A:
    def __init__(self, name): self.name = name
    def __del__(self): print("deleted", self.name, sys is not None, CONSTANT)
CONSTANT = 5
a = A("of a global")
atexit.register(print, "at exit")
""")
run("""
class A:
    def __del__(self): 1 / 0
a = A()
""")
run("""
async def f(): pass
c = f()
""")
run("f = open('/dev/null')\n", "-X", "dev")
run("""
def g():
    try:
        yield
    finally:
        print("closed")
g = g()
next(g)
""")
run("""
class A:
    def __del__(self): print("deleted")
a = [A()]
a.append(a)
def f(): raise ValueError(a)
f()
""")
run("""
import sys
class A:
    def __del__(self): print("deleted")
class Stream:
    def __init__(self, a): self.a = a
    def write(self, text): pass
    def flush(self): pass
sys.stdout = Stream(A())
""")
run("""
import asyncio
async def fail(): raise ValueError("lost")
async def main():
    global task
    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
asyncio.run(main())
""")
run("""
import atexit, sys
atexit.register(lambda: print(repr(sys.last_exc), sys.last_type, sys.last_value is sys.last_exc, sys.last_traceback.tb_lineno))
{}[1]
""")
