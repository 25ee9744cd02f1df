# Events of imports.
import os
import sys

from _events import events

os.mkdir("library")
with open("library/one.py", "w") as file:
    file.write("x = 1\n")
sys.path.insert(0, os.path.abspath("library"))
sys.dont_write_bytecode = True


def show(name):
    print(name)
    for event, args in events(lambda: __import__(name)):
        if event == "import":
            path, meta, hooks = args[2:]
            print("   ", event, args[:2], path is sys.path, meta is sys.meta_path, hooks is sys.path_hooks)
        elif event in ("compile", "exec", "raised"):
            print("   ", event, [arg if isinstance(arg, bytes) else os.path.basename(getattr(arg, "co_filename", arg)) for arg in args])


show("one")
show("one")
show("nothing")
