# Events of processes, signals, limits and threads.
import _thread
import array
import fcntl
import mmap
import os
import pickle
import resource
import signal
import subprocess
import syslog
import threading
import time

from _events import events, show


def f(*args):
    pass


def own(value):
    known = {os.getpid(): "pid", threading.get_ident(): "ident", f: "f"}
    return known.get(value, repr(value)) if isinstance(value, (int, type(f))) else repr(value)


def look(label, function):
    show(label, function, text=own)


look("fork", lambda: os.fork() or os._exit(0))
look("system", lambda: os.system("true"))
look("environment", lambda: (os.putenv("name", "value"), os.unsetenv("name")))
look("kill", lambda: os.kill(os.getpid(), 0))
look("killpg", lambda: os.killpg(2**22 + 1, 0))
look("execv", lambda: os.execv("/nothing", ["a"]))
look("execve", lambda: os.execve("/nothing", ["a"], {"b": "c"}))
look("posix_spawn", lambda: os.posix_spawn("/bin/true", ["true"], {}))
look("subprocess", lambda: subprocess.run(["/bin/true"]))
look("subprocess env", lambda: subprocess.run(["/bin/true"], env={"a": "b"}))
look("pthread_kill", lambda: signal.pthread_kill(threading.get_ident(), 0))
look("limits", lambda: resource.setrlimit(99, (1, 2)))
look("prlimit", lambda: (resource.prlimit(0, resource.RLIMIT_NOFILE) and None))
with open("file", "w") as file:
    fd = file.fileno()
    for label, function in [
        ("fcntl", lambda: fcntl.fcntl(file, fcntl.F_GETFL)),
        ("fcntl arg", lambda: fcntl.fcntl(file, fcntl.F_SETFD, 1)),
        ("flock", lambda: fcntl.flock(file, fcntl.LOCK_EX)),
        ("lockf", lambda: fcntl.lockf(file, fcntl.LOCK_EX)),
        ("lockf all", lambda: fcntl.lockf(file, fcntl.LOCK_UN, 1, 2, 0)),
        ("ioctl", lambda: fcntl.ioctl(file, 21505, b"12345678")),
    ]:
        show(label, function, text=lambda value: "fd" if value == fd else repr(value))

look("sleep", lambda: (time.sleep(0), time.sleep(0.001), time.sleep(-1)))
for name, args in [("start_new_thread", (f, ())), ("start_new_thread", (f, (), {}))]:
    done = _thread.allocate_lock()
    look(name, lambda: getattr(_thread, name)(*args))
look("start_joinable_thread", lambda: _thread.start_joinable_thread(f).join())
look("start_joinable_thread", lambda: _thread.start_joinable_thread(f, daemon=False).join())
payload = pickle.dumps(os.path.join)
look("pickle", lambda: pickle.loads(payload))
look("array", lambda: (array.array("i"), array.array("b", b"12")))
look("mmap", lambda: mmap.mmap(-1, 10).close())
look("syslog", lambda: (syslog.openlog("ident", 1), syslog.setlogmask(255), syslog.closelog(), syslog.closelog()))
