"""Options of -X and the variables that say the same; standard streams that are not there; what cannot be written."""
import os
import re
import subprocess
import sys


def run(*args, env=(), **how):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | dict(env)
    done = subprocess.run([sys.executable, *args], capture_output=True, text=True, env=environment, **how)
    return done.returncode, done.stdout, done.stderr


CACHE = "import sys; print(sys.pycache_prefix)"
print(run("-c", CACHE), run("-X", "pycache_prefix=p", "-c", CACHE))
print(run("-c", CACHE, env={"PYTHONPYCACHEPREFIX": "q"}))
print(run("-X", "pycache_prefix=p", "-c", CACHE, env={"PYTHONPYCACHEPREFIX": "q"}))
print(run("-X", "pycache_prefix=", "-c", CACHE, env={"PYTHONPYCACHEPREFIX": "q"}))
print(run("-X", "pycache_prefix", "-c", CACHE, env={"PYTHONPYCACHEPREFIX": "q"}))

COUNT = "import os; print(os.cpu_count(), os.process_cpu_count())"
print(run("-X", "cpu_count=4321", "-c", COUNT), run("-c", COUNT, env={"PYTHON_CPU_COUNT": "12"}))
print(run("-X", "cpu_count=default", "-c", COUNT, env={"PYTHON_CPU_COUNT": "12"}) == run("-c", COUNT))
for wrong in ("0", "", "x", "-3"):
    print(run("-X", f"cpu_count={wrong}", "-c", "1"))
print(run("-c", "1", env={"PYTHON_CPU_COUNT": "many"}))

print(run("-X", "gil=5", "-c", "1"), run("-c", "1", env={"PYTHON_GIL": "no"}))
print(run("-c", "import sys; print(sys.flags.hash_randomization)", env={"PYTHONHASHSEED": ""}))


def times(*args):
    status, out, err = run("-I", *args)
    return status, out, [re.sub(r" *\d+ \| +\d+", " N | N", line) for line in err.splitlines()]


CODE = "import sys; sys.stderr.write('begin\\n'); import {0}; import {0}"
for option in ("importtime", "importtime=1", "importtime=2"):
    status, out, lines = times("-X", option, "-c", CODE.format("this"))
    print(status, out[:20], [line for line in lines[lines.index("begin") + 1:] if line.endswith("this")])
for option in ("importtime=3", "importtime=-1"):
    print(times("-X", option, "-c", "1"))

STREAMS = "import os, sys; os._exit(sum((getattr(sys, n) is None) << i for i, n in enumerate(('stdin', 'stdout', 'stderr'))))"
for closed in ((), (0,), (1,), (2,), (0, 1, 2)):
    def close(closed=closed):
        for fd in closed:
            os.close(fd)
    print(closed, run("-c", STREAMS, stdin=subprocess.DEVNULL, preexec_fn=close))
print(run("-c", "import os; print(os.open('/dev/null', 0))", stdin=subprocess.DEVNULL, preexec_fn=lambda: os.close(0)))

print(run("-c", "import os, sys; sys.stdout.write('x'); os.close(1)"))
print(run("-c", "import os, sys; sys.stdout.write('x'); os.close(1); sys.exit(3)"))
print(run("-c", "import os, sys; sys.stdout.close()"))
print(run("-c", "# coding: latin1\nprint(ascii('\xe6'))"))
undecodable = subprocess.run([sys.executable, b"-c", b'print("\xff\xfe", 1)'], capture_output=True, text=True)
print(undecodable.returncode, undecodable.stderr)
