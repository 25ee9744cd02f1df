# Events of files and directories.
import io
import os

from _events import show

with open("file", "w") as file:
    file.write("text")


def call(name, *args, **kwargs):
    words = ", ".join([repr(arg) for arg in args] + [f"{key}={value!r}" for key, value in kwargs.items()])
    show(f"{name}({words})", lambda: getattr(os, name)(*args, **kwargs))


show("open", lambda: open("file").close())
show("open rb+", lambda: open("file", "rb+").close())
show("open x", lambda: open("new", "x").close())
show("open a", lambda: open(b"new", "ab").close())
show("open 1", lambda: open(1, "w", closefd=False).close())
show("open bad mode", lambda: open("file", "q"))
show("open no file", lambda: open("nothing"))
show("open opener", lambda: open("file", opener=os.open).close())
show("open_code", lambda: io.open_code("file").close())
show("FileIO", lambda: io.FileIO("file", "rb").close())
show("os.open", lambda: os.close(os.open("file", os.O_RDWR)))

call("mkdir", "one")
call("mkdir", "two", 0o700)
call("mkdir", "two")
call("rename", "one", "three")
call("replace", "three", "one")
call("rmdir", "two")
call("makedirs", "four/five")
call("removedirs", "four/five")
call("chmod", "file", 0o644)
call("fchmod", -1, 0)
call("chown", "file", -1, -1)
call("lchown", "file", -1, -1)
call("fchown", -1, 1, 2)
call("link", "file", "hard")
call("symlink", "file", "soft")
call("remove", "hard")
call("unlink", "soft")
call("remove", "nothing")
call("truncate", "file", 3)
call("ftruncate", -1, 3)
call("utime", "file")
call("utime", "file", (1, 2))
call("utime", "file", ns=(1, 2))
call("chdir", "one")
call("chdir", "..")
call("listdir")
call("listdir", "one")
call("scandir")
call("scandir", b"one")
call("getxattr", "nothing", "user.x")
call("setxattr", "nothing", "user.x", b"1")
call("listxattr", "nothing")
call("removexattr", "nothing", b"user.x")
call("lockf", -1, os.F_LOCK, 0)
for name, args in [("stat", ("file",)), ("access", ("file", 0)), ("readlink", ("file",)), ("getcwd", ()), ("umask", (0o22,))]:
    call(name, *args)

directory = os.open(".", os.O_RDONLY)
show("dir_fd", lambda: os.mkdir("six", dir_fd=directory), text=lambda arg: "fd" if arg == directory else repr(arg))
show("fd", lambda: os.listdir(directory), text=lambda arg: "fd" if arg == directory else repr(arg))
