# -X faulthandler, -X dev and PYTHONFAULTHANDLER enable the handler at once; the file stays open.
import faulthandler
import os
import subprocess
import sys

program = "import sys; loaded = 'faulthandler' in sys.modules; import faulthandler; print(loaded, faulthandler.is_enabled())"


def run(*options, **variables):
    environ = {name: value for name, value in os.environ.items() if name not in ("PYTHONFAULTHANDLER", "PYTHONDEVMODE")}
    done = subprocess.run([sys.executable, *options, "-c", program], env=environ | variables, capture_output=True, text=True)
    print(options, variables, done.stdout.strip(), done.stderr)


run()
run("-X", "faulthandler")
run("-X", "faulthandler=0")
run("-X", "dev")
run(PYTHONFAULTHANDLER="1")
run(PYTHONFAULTHANDLER="")
run("-E", PYTHONFAULTHANDLER="1")
run(PYTHONDEVMODE="1")

program = """
import faulthandler, gc, os
path = "report.txt"
faulthandler.enable(open(path, "w"), all_threads=False, c_stack=False)
gc.collect()
faulthandler._sigabrt()
"""
run()
with open("report.txt") as file:
    print(file.read())
