# dump_traceback_later() reports after a while, once or again and again, unless it is cancelled.
import faulthandler
import os
import re
import subprocess
import sys
import tempfile
import time


def wait(file, count):
    """Waits until the file has so many reports."""
    for _ in range(1000):
        file.seek(0)
        text = file.read()
        if text.count("Timeout") >= count and text.endswith("in <module>\n"):
            break
        time.sleep(0.01)
    return re.sub(r"0x[0-9a-f]{16}( \[[^]]*\])?", "0x*", text)


with tempfile.TemporaryFile("w+") as file:
    faulthandler.dump_traceback_later(0.02, file=file)
    text = wait(file, 1)
    print(text.splitlines()[:2], "in wait" in text)
    time.sleep(0.1)
    file.seek(0)
    print(file.read().count("Timeout"))

with tempfile.TemporaryFile("w+") as file:
    faulthandler.dump_traceback_later(0.02, repeat=True, file=file)
    text = wait(file, 3)
    faulthandler.cancel_dump_traceback_later()
    print(text.count("Timeout (0:00:00.020000)!") >= 3, "Current" in text)

with tempfile.TemporaryFile("w+") as file:
    faulthandler.dump_traceback_later(0.2, file=file)
    faulthandler.cancel_dump_traceback_later()
    faulthandler.cancel_dump_traceback_later()
    faulthandler.dump_traceback_later(1000, file=file)
    faulthandler.dump_traceback_later(3725.5, file=file)
    time.sleep(0.3)
    print(repr(file.read()))

# The child has no watchdog; that of the parent goes on.
with tempfile.TemporaryFile("w+") as file:
    faulthandler.dump_traceback_later(0.3, file=file)
    child = os.fork()
    if child == 0:
        time.sleep(0.4)
        os._exit(5)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    print(wait(file, 1).count("Timeout"))

code = "import faulthandler, time; faulthandler.dump_traceback_later(0.01, exit=True); time.sleep(60)"
done = subprocess.run([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True)
print(done.returncode, re.sub(r"0x[0-9a-f]{16}( \[[^]]*\])?", "0x*", done.stderr))
