# The variables of a comprehension that another thread runs are there while it runs, and can be bound meanwhile.
import sys
import threading

frames = []
done = threading.Event()
unexpected = []


def run():
    frames[:] = [sys._getframe()]
    source = [1]
    for _ in range(1_500):
        [x for x in source]
        for i in range(8, 80, 8):
            for j in range(16, 64, 16):
                pass
        [[y for y in source] for z in source]
        for number in source:
            for i in range(8, 80, 8):
                pass
        {p: q for p, q in ((1, 2),)}
        for i in range(8, 80, 8):
            for j in range(16, 64, 16):
                for k in range(16, 64, 16):
                    pass


def rounds():
    frames[:] = [sys._getframe()]
    source = [1]
    while True:
        [x for x in source]
        yield [y for y in source]
        for i in range(8, 80, 8):
            for j in range(16, 64, 16):
                yield


def resume():
    for _ in range(50):
        generator = rounds()
        for _ in range(40):
            next(generator)


def look():
    try:
        while not done.is_set():
            for frame in list(frames):
                values = frame.f_locals
                for name in "xyzpq":
                    value = values.get(name, 1)
                    if value not in (1, 2):
                        unexpected.append((name, value))
                    if name in values:
                        values[name] = 2
                values.copy()
    except BaseException as error:
        unexpected.append(error)


lookers = [threading.Thread(target=look) for _ in range(2)]
for thread in lookers:
    thread.start()
for target in (run, resume):
    thread = threading.Thread(target=target)
    thread.start()
    thread.join()
done.set()
for thread in lookers:
    thread.join()
print(unexpected)
