# The filenames of an OSError: what a path-like object stands for.
import os, pathlib

path, other = pathlib.PurePosixPath("/nope/x"), pathlib.PurePosixPath("/nope/y")

def show(name, function, *args):
    try:
        function(*args)
    except OSError as error:
        print(name, error.errno, repr(error.filename), repr(error.filename2))

for name in "stat lstat listdir scandir mkdir rmdir unlink remove chdir readlink statvfs utime".split():
    show(name, getattr(os, name), path)
for name in "rename replace link symlink".split():
    show(name, getattr(os, name), path, other)
show("open", os.open, path, 0)
show("chmod", os.chmod, path, 0)
show("chown", os.chown, path, 0, 0)
show("truncate", os.truncate, path, 0)
show("mkfifo", os.mkfifo, path)
show("pathconf", os.pathconf, path, "PC_NAME_MAX")
show("posix_spawn", os.posix_spawn, path, ["a"], {})
show("built-in open", open, path)
show("bytes", os.stat, b"/nope")
show("str", os.rename, "/nope", b"/nope/z")
