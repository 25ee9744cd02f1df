# The rest of the calls, and what they say when they are asked for nonsense.
import os

def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except (OSError, ValueError, TypeError, OverflowError) as error:
        print(type(error).__name__, error)

attempt(os.setuid, -2)
attempt(os.setuid, "x")
attempt(os.setgroups, 3)
attempt(os.sched_setaffinity, 0, [-1])
attempt(os.sched_setaffinity, 0, ["x"])
attempt(os.sched_setparam, 0, 3)
print(os.sched_param(3), os.sched_getscheduler(0) == os.SCHED_OTHER)
attempt(os.sched_param)
attempt(os.confstr, "x")
attempt(os.pathconf, "/", "PC_NAME_MAX")
attempt(os.pathconf, "/", 1.5)
attempt(os.eventfd, -1)
fd = os.eventfd(3)
os.eventfd_write(fd, 4)
print(os.eventfd_read(fd))
with open("data", "wb+") as f:
    print(os.pwrite(f.fileno(), b"hello", 2), os.pread(f.fileno(), 9, 0))
    print(os.writev(f.fileno(), [b"ab", b"cd"]), f.seek(0))
    parts = [bytearray(2), bytearray(9)]
    print(os.readv(f.fileno(), parts), parts)
    print(os.posix_fallocate(f.fileno(), 0, 100), os.stat("data").st_size)
    with open("copy", "wb") as g:
        print(os.copy_file_range(f.fileno(), g.fileno(), 4, offset_src=0), os.sendfile(g.fileno(), f.fileno(), 0, 3))
print(open("copy", "rb").read())
attempt(os.readv, 99, 5)
attempt(os.writev, 99, [3])
attempt(os.sendfile, 1, 2, None, -1)
attempt(os.memfd_create, "x\0")
attempt(os.makedev, -2, 0)
print(os.major(os.makedev(7, 9)), os.minor(os.makedev(7, 9)), os.major(-1))
attempt(os.mkfifo, 3)
attempt(os.truncate, "nothing", 3)
attempt(os.killpg, 1 << 30, 0)
attempt(os.getpgid, -5)
attempt(os.timerfd_create, 99)
attempt(os.chown, "data", "x", 1)
attempt(os.open, "data", os.O_RDONLY, dir_fd="x")
attempt(os.stat, 1 << 40)
attempt(os.fstatvfs, 99)
print(os.statvfs_result.n_fields, os.waitid_result.__match_args__)
print(sorted(name for name in os.sysconf_names)[:3], len(os.confstr_names) > 20)
attempt(os.WIFEXITED, "x")
print(os.WEXITSTATUS(512), os.WTERMSIG(9), os.WIFSIGNALED(9), os.WIFSTOPPED(0x137f), os.WSTOPSIG(0x137f))
