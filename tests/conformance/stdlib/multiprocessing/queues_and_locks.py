# What threads and processes share.
import _multiprocessing
import os
import queue
import threading

simple = queue.SimpleQueue()
threading.Timer(0.05, simple.put, ["late"]).start()
print(simple.get(), simple.empty(), simple.qsize())
for number in range(5):
    simple.put(number)
print([simple.get() for _ in range(5)])
def attempt(f, *args):
    try:
        print(f(*args))
    except (queue.Empty, OSError, ValueError, TypeError, AssertionError) as error:
        print(type(error).__name__, error)

attempt(simple.get, False)
attempt(simple.get, True, 0.01)
attempt(simple.get, True, -1)
attempt(simple.get, True, "x")

name = f"/taipan-{os.getpid()}"
recursive = _multiprocessing.SemLock(0, 1, 1, name, True)
print(recursive.acquire(), recursive.acquire(), recursive._count(), recursive._is_mine(), recursive._is_zero())
attempt(recursive.release)
attempt(recursive.release)
attempt(recursive.release)
semaphore = _multiprocessing.SemLock(1, 1, 1, name, False)
print(semaphore.acquire(), semaphore.acquire(False), semaphore.acquire(True, 0.01), semaphore.name == name)
again = _multiprocessing.SemLock._rebuild(0, 1, 1, name)
again.release()
print(semaphore.acquire(), semaphore._get_value())
attempt(semaphore.release)
attempt(semaphore.release)
attempt(_multiprocessing.sem_unlink, name)
attempt(_multiprocessing.sem_unlink, name)
attempt(_multiprocessing.SemLock, 9, 1, 2, name, True)
