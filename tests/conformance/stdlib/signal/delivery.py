# Handlers run in the main thread, wherever it waits.
import os
import signal
import threading
import time

def note(number, frame):
    print("handler", signal.Signals(number).name, type(frame).__name__)

class Woken(Exception):
    pass

def wake(number, frame):
    raise Woken

signal.signal(signal.SIGUSR1, note)
os.kill(os.getpid(), signal.SIGUSR1)
signal.raise_signal(signal.SIGUSR1)
signal.signal(signal.SIGALRM, note)
signal.setitimer(signal.ITIMER_REAL, 0.05)
start = time.monotonic()
time.sleep(0.2)
print("slept on", time.monotonic() - start >= 0.2)
signal.setitimer(signal.ITIMER_REAL, 0.05)
signal.pause()

signal.signal(signal.SIGALRM, wake)
def wakes(name, wait):
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        wait()
    except Woken:
        print("woken from", name)

lock = threading.Lock()
lock.acquire()
reading, writing = os.pipe()
event = threading.Event()
thread = threading.Thread(target=event.wait)
thread.start()
def spin():
    while True:
        pass
wakes("acquire", lock.acquire)
wakes("sleep", lambda: time.sleep(10))
wakes("read", lambda: os.read(reading, 1))
wakes("join", thread.join)
wakes("a loop", spin)
event.set()
thread.join()

def send():
    time.sleep(0.1)
    signal.raise_signal(signal.SIGUSR1)

other = threading.Thread(target=send)
other.start()
while other.is_alive():
    pass
time.sleep(0.1)
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt as error:
    print("interrupted", error.args)
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler, signal.strsignal(signal.SIGKILL))
