# A fork while other threads are busy leaves a child that works; a signal wakes a blocked main thread.
import os
import signal
import sys
import threading
import time

busy = True
def noise():
    with open("noise.txt", "w") as f:
        while busy:
            f.write("x" * 100)
            f.flush()

thread = threading.Thread(target=noise)
thread.start()
for number in range(5):
    pid = os.fork()
    if pid == 0:
        result = sum(range(1000))
        made = []
        t = threading.Thread(target=lambda: made.append(1))
        t.start()
        t.join()
        os._exit(7 if result == 499500 and made == [1] else 1)
    _, status = os.waitpid(pid, 0)
    print("child", number, os.waitstatus_to_exitcode(status))
busy = False
thread.join()

lock = threading.Lock()
lock.acquire()
class Woken(Exception):
    pass
def handler(number, frame):
    raise Woken("by " + signal.Signals(number).name)
signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.05)
try:
    lock.acquire()
except Woken as error:
    print("woken", error)
print(lock.locked())
