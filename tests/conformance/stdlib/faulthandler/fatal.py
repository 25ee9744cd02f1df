# enable() makes fatal signals write the stack of their thread before they end the process as they always do.
import subprocess
import sys

program = """
import faulthandler, os, sys, threading

def down(depth, what):
    if depth:
        return down(depth - 1, what)
    what()

def run(name, where):
    what = getattr(faulthandler, name, None) or getattr(os, name)
    if where == "thread":
        thread = threading.Thread(target=down, args=(2, what))
        thread.start()
        thread.join()
    else:
        down(2, what)

faulthandler.enable(all_threads=False, c_stack=False)
run(*sys.argv[1:])
"""


def run(*args, program=program):
    done = subprocess.run([sys.executable, "-c", program, *args], stderr=subprocess.PIPE, text=True)
    lines = [line for line in done.stderr.splitlines() if "threading.py" not in line]
    print(*args, done.returncode, *lines, "", sep="\n")


for name in "_sigsegv", "_sigfpe", "_sigabrt", "abort", "_read_null", "_stack_overflow":
    run(name, "main")
for name in "_sigsegv", "_sigabrt":
    run(name, "thread")

run(program="import faulthandler; faulthandler._sigsegv()")
run(program="import faulthandler; faulthandler.enable(); faulthandler.disable(); faulthandler._sigabrt()")
run(
    program="""import faulthandler, signal
faulthandler.enable(all_threads=False, c_stack=False)
for number in signal.SIGBUS, signal.SIGILL:
    signal.raise_signal(number)"""
)
run(
    program="""import faulthandler
class Odd:
    def __repr__(self):
        faulthandler._sigsegv()
faulthandler.enable(all_threads=False, c_stack=False)
repr([{1: Odd()}])"""
)
