import threading
lock = threading.Lock()
print(lock.acquire(), lock.locked(), lock.acquire(False), lock.acquire(timeout=0.01), lock.release())
print(lock.locked())
count = 0
def bump():
    global count
    for _ in range(3000):
        with lock:
            count += 1
threads = [threading.Thread(target=bump) for _ in range(4)]
for t in threads: t.start()
for t in threads: t.join()
print(count)
r = threading.RLock()
with r:
    with r:
        print("twice", r.acquire(blocking=False))
        r.release()
for action in (
    lambda: lock.release(), lambda: r.release(), lambda: lock.acquire(timeout=-5),
    lambda: lock.acquire(False, 1), lambda: lock.acquire(timeout=1e100),
):
    try:
        action()
    except (RuntimeError, ValueError, OverflowError) as error:
        print(type(error).__name__, error)
def release_from_other():
    lock.release()
lock.acquire()
t = threading.Thread(target=release_from_other)
t.start(); t.join()
print(lock.locked(), repr(lock).split(" at ")[0])
