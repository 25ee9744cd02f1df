import os, os.path
open("raw", "w").close()
for action in (
    lambda: os.listdir("nope"), lambda: os.remove("nope"), lambda: os.mkdir("raw"), lambda: os.rmdir("."),
    lambda: os.environ["NOPE"], lambda: os.close(9999), lambda: os.rename("x", "y"), lambda: os.stat("\0"),
    lambda: os.fspath(5), lambda: os.open("nope", os.O_RDONLY), lambda: os.path.join("a", 5),
    lambda: os.environ.__setitem__("a", 5),
):
    try:
        action()
    except (OSError, KeyError, ValueError, TypeError) as error:
        print(type(error).__name__, error)
