import os, os.path
os.makedirs("a/b/c", exist_ok=True)
open("a/f.txt", "w").close()
print(sorted(os.listdir("a")), os.path.exists("a/b"), os.path.isdir("a"), os.path.isfile("a/f.txt"), os.path.join("x", "y", "/z"), os.path.split("/a/b.txt"), os.path.splitext("a/b.tar.gz"), os.path.basename("/x/y"), os.path.dirname("/x/y"), os.path.normpath("a//b/../c/."), os.path.isabs("/x"), os.path.relpath("a/b", "a/c"), os.path.commonpath(["/a/b", "/a/c"]), os.path.getsize("a/f.txt"))
print([(d, sorted(ds), sorted(fs)) for d, ds, fs in os.walk("a")], sorted(e.name for e in os.scandir("a") if e.is_dir()), os.sep, os.linesep == "\n", os.name, os.curdir, os.devnull)
os.rename("a/f.txt", "a/g.txt")
os.remove("a/g.txt")
os.removedirs("a/b/c")
print(os.path.exists("a"), os.getcwd() == os.path.realpath("."), os.path.expanduser("x"), isinstance(os.getpid(), int), os.environ.get("NOT_SET_ANYWHERE", "default"))
os.environ["MY_VAR"] = "value"
print(os.environ["MY_VAR"], os.getenv("MY_VAR"), "MY_VAR" in os.environ, os.path.expandvars("$MY_VAR/x"))
fd = os.open("raw", os.O_RDWR | os.O_CREAT, 0o644)
print(os.write(fd, b"hello"), os.lseek(fd, 0, 0), os.read(fd, 3), os.fstat(fd).st_size, os.close(fd), oct(os.stat("raw").st_mode & 0o777))
os.symlink("raw", "link")
print(os.readlink("link"), os.path.islink("link"), os.path.samefile("raw", "link"), os.access("raw", os.R_OK), os.fspath("p"), os.fsencode("é"))
r, w = os.pipe()
os.write(w, b"through a pipe")
print(os.read(r, 100), os.get_terminal_size.__name__, os.cpu_count() > 0, len(os.urandom(4)), os.strerror(2))
for action in (lambda: os.listdir("nope"), lambda: os.remove("nope"), lambda: os.mkdir("raw"), lambda: os.rmdir("."), lambda: os.environ["NOPE"], lambda: os.close(9999), lambda: os.rename("x", "y"), lambda: os.stat("\0"), lambda: os.fspath(5), lambda: os.open("nope", os.O_RDONLY), lambda: os.path.join("a", 5), lambda: os.environ.__setitem__("a", 5)):
    try:
        action()
    except (OSError, KeyError, ValueError, TypeError) as error:
        print(type(error).__name__, error)
