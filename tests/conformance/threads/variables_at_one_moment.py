# dict(frame.f_locals) of a frame that another thread runs: the variables of one moment, none of which can be gone meanwhile.
import sys
import threading

frames = []
stop = threading.Event()


def run():
    frames.append(sys._getframe())
    while not stop.is_set():
        first = 1
        for _ in range(3):
            second = 2
        del first
        for _ in range(3):
            pass
        del second


thread = threading.Thread(target=run)
thread.start()
while not frames:
    pass
seen = set()
try:
    for _ in range(3_000):
        for names in (dict(frames[0].f_locals), {**frames[0].f_locals}):
            seen.update(names)
finally:
    stop.set()
    thread.join()
print(seen <= {"first", "second", "_"})
