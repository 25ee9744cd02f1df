# The stack of native calls can be had, by itself and behind a fatal signal's report.
import faulthandler
import re
import subprocess
import sys
import tempfile


def check(lines):
    print(lines[0])
    call = re.compile(r"  Binary file (\".+\"|'<unknown>')(, at [^+-]*[+-]0x[0-9a-f]+)? \[0x[0-9a-f]+\]|  <.+>")
    print(len(lines) > 3, all(call.fullmatch(line) for line in lines[1:]))


with tempfile.TemporaryFile("w+") as file:
    print(faulthandler.dump_c_stack(file))
    file.seek(0)
    check(file.read().splitlines())

program = "import faulthandler; faulthandler.enable(all_threads=False); faulthandler._sigabrt()"
done = subprocess.run([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True)
report, stack = done.stderr.rstrip("\n").split("\n\nCurrent")
print(report)
check(("Current" + stack).splitlines())
