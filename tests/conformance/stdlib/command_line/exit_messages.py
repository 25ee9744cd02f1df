# The message of sys.exit comes behind what was written to sys.stderr, and through it.
import subprocess
import sys

for program in (
    'import sys; sys.stderr.write("unflushed,"); sys.exit("message")',
    'import sys; sys.exit("surrogates:\\udcff")',
    'import sys; sys.stderr = sys.stdout; sys.exit("elsewhere")',
    "import sys; sys.exit((1, 2))",
    'import sys, io; sys.stderr = io.StringIO(); sys.exit("nowhere")',
):
    run = subprocess.run([sys.executable, "-c", program], capture_output=True)
    print(run.returncode, run.stdout, run.stderr)
