# A program may close its standard output: the end of the program has nothing left to flush then.
import subprocess, sys
for source in ["import sys\nwith sys.stdout as f: f.write('x')", "import sys; sys.stdout.close(); sys.stderr.close()"]:
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True)
    print(done.returncode, repr(done.stdout), repr(done.stderr))
