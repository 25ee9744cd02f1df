import errno
for args in (
    (), ("one",), (2, "No such file"), (errno.EACCES, "denied", "file.txt"),
    (errno.EEXIST, "exists", "a", None, "b"), (errno.ECONNRESET, "reset"), (errno.EPIPE, "pipe"),
    (9999, "unknown"),
):
    e = OSError(*args)
    print(type(e).__name__, e.args, e.errno, e.strerror, e.filename, e.filename2, str(e))
try:
    open("does/not/exist")
except FileNotFoundError as error:
    print(error, error.errno == errno.ENOENT, error.filename)
import os
os.mkdir("folder")
for action in (
    lambda: open("folder"), lambda: os.mkdir("folder"), lambda: os.listdir("nothing"),
    lambda: os.rmdir("nope"),
):
    try:
        action()
    except OSError as error:
        print(type(error).__name__, error)
