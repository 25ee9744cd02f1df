# -X tracemalloc and PYTHONTRACEMALLOC trace from the start.
import os
import subprocess
import sys

program = "import tracemalloc; print(tracemalloc.is_tracing(), tracemalloc.get_traceback_limit())"


def run(*options, **variables):
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONTRACEMALLOC"}
    done = subprocess.run([sys.executable, *options, "-c", program], env=environ | variables, capture_output=True, text=True)
    print(options, variables, done.returncode, done.stdout.strip(), done.stderr.partition("\n")[0])


run()
run("-X", "tracemalloc")
run("-X", "tracemalloc=5")
run("-X", "tracemalloc=0")
run("-X", "tracemalloc=-1")
run("-X", "tracemalloc=x")
run(PYTHONTRACEMALLOC="3")
run(PYTHONTRACEMALLOC="")
run(PYTHONTRACEMALLOC="x")
run("-X", "tracemalloc=2", PYTHONTRACEMALLOC="3")
run("-E", PYTHONTRACEMALLOC="3")
