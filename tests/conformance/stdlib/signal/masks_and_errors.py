# Blocked signals wait; what is wrong is told.
import os
import re
import signal
import threading

blocked = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
os.kill(os.getpid(), signal.SIGUSR1)
print(signal.SIGUSR1 in blocked, signal.sigpending(), signal.sigwait([signal.SIGUSR1]))
os.kill(os.getpid(), signal.SIGUSR1)
info = signal.sigwaitinfo([signal.SIGUSR1])
print(info.si_signo, info.si_pid == os.getpid(), info.si_code, len(info))
print(signal.sigtimedwait([signal.SIGUSR1], 0.01), len(signal.valid_signals()))

def attempt(f, *args):
    try:
        print(f(*args))
    except (OSError, ValueError, TypeError, OverflowError) as error:
        # Which descriptors are free is not the program's business.
        print(type(error).__name__, re.sub(r"fd \d+", "fd N", str(error)))

attempt(signal.signal, 0, signal.SIG_DFL)
attempt(signal.signal, signal.SIGUSR1, "handler")
attempt(signal.signal, signal.SIGKILL, signal.SIG_IGN)
attempt(signal.getsignal, 99)
attempt(signal.pthread_sigmask, 99, [])
attempt(signal.sigwait, [70])
attempt(signal.setitimer, signal.ITIMER_REAL, -1)
attempt(signal.setitimer, 99, 1)
attempt(signal.sigtimedwait, [], -1)
attempt(signal.set_wakeup_fd, 12345)
reading, writing = os.pipe()
attempt(signal.set_wakeup_fd, writing)
os.set_blocking(writing, False)
attempt(signal.set_wakeup_fd, writing)
signal.signal(signal.SIGUSR2, lambda *args: None)
signal.raise_signal(signal.SIGUSR2)
print(os.read(reading, 10), signal.set_wakeup_fd(-1) == writing)
def elsewhere():
    attempt(signal.signal, signal.SIGUSR1, signal.SIG_DFL)
    attempt(signal.set_wakeup_fd, -1)
thread = threading.Thread(target=elsewhere)
thread.start()
thread.join()
import _thread
signal.signal(signal.SIGUSR2, lambda number, frame: print("simulated", number))
_thread.interrupt_main(signal.SIGUSR2)
attempt(_thread.interrupt_main, 99)
try:
    _thread.interrupt_main()
    while True:
        pass
except KeyboardInterrupt:
    print("interrupted")
