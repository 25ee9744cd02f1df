# sys.excepthook and sys.unraisablehook are told to audit hooks, which may prevent the first.
import gc
import subprocess
import sys

programs = [
    """
import sys
def hook(event, args):
    if event == "sys.excepthook":
        print(event, args[0] is sys.excepthook, args[1].__name__, repr(args[2]), args[3].tb_lineno)
sys.addaudithook(hook)
1 / 0
""",
    """
import sys
def hook(event, args):
    if event == "sys.excepthook":
        raise RuntimeError("not to be seen")
sys.addaudithook(hook)
1 / 0
""",
]
for program in programs:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    print(done.returncode, done.stdout, done.stderr, sep="\n")


def hook(event, args):
    if event == "sys.unraisablehook":
        print(event, args[0] is sys.unraisablehook, type(args[1]).__name__, args[1].exc_value)


class Odd:
    def __del__(self):
        raise ValueError("in __del__")


sys.addaudithook(hook)
sys.unraisablehook = lambda args: print("hook", args.exc_value)
Odd()
gc.collect()
