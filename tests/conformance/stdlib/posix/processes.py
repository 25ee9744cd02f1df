# Forks with their hooks, programs that are started, and how they end.
import os
import signal
import subprocess
import sys

sys.stdout.reconfigure(line_buffering=True)
os.register_at_fork(
    before=lambda: print("before 1"),
    after_in_parent=lambda: print("parent"),
    after_in_child=lambda: os.write(writing, b"hook, "),
)
os.register_at_fork(before=lambda: print("before 2"))
reading, writing = os.pipe()
pid = os.fork()
if pid == 0:
    os.write(writing, b"from the child")
    os._exit(3)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), os.read(reading, 20))

def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except (OSError, ValueError, TypeError, OverflowError, subprocess.SubprocessError) as error:
        print(type(error).__name__, error)

done = subprocess.run(["sh", "-c", "echo out; echo err >&2; exit 5"], capture_output=True, text=True)
print(done.returncode, done.stdout, done.stderr)
print(subprocess.run(["cat"], input=b"abc", capture_output=True).stdout)
attempt(subprocess.run, ["/nonexistent"])
attempt(subprocess.run, ["true"], cwd="/nonexistent")
attempt(subprocess.run, ["true"], preexec_fn=lambda: 1 / 0)
attempt(subprocess.run, ["sleep", "9"], timeout=0.05)
process = subprocess.Popen(["sleep", "9"])
process.terminate()
print(process.wait())
pid = os.posix_spawn("/bin/sh", ["sh", "-c", "exit 4"], {}, setsigdef=[signal.SIGPIPE])
print(os.waitstatus_to_exitcode(os.wait4(pid, 0)[1]))
pid = os.posix_spawn("/bin/sh", ["sh", "-c", "exit 6"], None)
print(os.waitid(os.P_PID, pid, os.WEXITED).si_status)
attempt(os.posix_spawn, "/nonexistent", ["x"], {})
attempt(os.posix_spawn, "/bin/sh", [], {})
attempt(os.posix_spawn, "/bin/sh", ["x"], {}, file_actions=[(0, 1)])
attempt(os.execv, "/nonexistent", ["x"])
attempt(os.execve, "/nonexistent", ["x"], {"a=b": "c"})
attempt(os.execve, "/nonexistent", [3], {})
attempt(os.register_at_fork)
attempt(os.register_at_fork, before=1)
attempt(os.waitpid, -1, 0)
