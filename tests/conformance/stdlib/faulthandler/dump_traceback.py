# dump_traceback() writes the stack of one thread, or of all threads with the newest first, to a file or a descriptor.
import faulthandler
import os
import re
import sys
import tempfile
import threading


def report(*args, **kwargs):
    with tempfile.TemporaryFile("w+") as file:
        faulthandler.dump_traceback(file, *args, **kwargs)
        file.seek(0)
        return file.read()


def shown(text):
    """Without what differs from run to run, and without the frames of the library."""
    text = re.sub(r"0x[0-9a-f]{16}( \[[^]]*\])?", "0x*", text)
    # The thread may be at either line.
    text = re.sub("line [0-9]+ in hold", "line * in hold", text)
    return "\n".join(line for line in text.split("\n") if "threading.py" not in line)


def deep(depth):
    if depth:
        return deep(depth - 1)
    return report(all_threads=False)


print(shown(deep(3)))
print(len(deep(150).splitlines()), deep(150).count("in <module>"))


class Holder:
    def hold(self, ready, leave):
        ready.set()
        leave.wait()


leave = threading.Event()
threads = []
for name in "first", "second":
    ready = threading.Event()
    thread = threading.Thread(target=lambda ready=ready: Holder().hold(ready, leave), name=name)
    thread.start()
    ready.wait()
    threads.append(thread)

text = report()
print(shown(text))
print(f"0x{threading.get_ident():016x}" in text, [f"0x{thread.ident:016x}" in text for thread in threads])
leave.set()
for thread in threads:
    thread.join()


def generator():
    yield report(all_threads=False)


print(shown(next(generator())))
print(shown([report(all_threads=False) for _ in range(1)][0]))

sys.stdout.flush()
faulthandler.dump_traceback(1, False)
faulthandler.dump_traceback(sys.stdout, False)
faulthandler.dump_traceback(file=sys.stdout.fileno(), all_threads=[])
