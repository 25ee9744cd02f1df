# `__code__` may be given another code while other threads call the function: a call runs one of them, all of it.
import threading


def one(x, y):
    return ("one", x, y)


def two(x, y, z=3, *, k=1):
    values = [x, y, z, k]
    for value in values:
        pass
    return ("two", *values)


def three():
    return ("three",)


def called(x, y):
    return ("one", x, y)


def made(number):
    names = {}
    exec(f"def made(x, y):\n values = [x, y, {number}]\n return ('made', *values)\n", names)
    return names["made"].__code__


codes = [one.__code__, two.__code__, three.__code__]
done = threading.Event()
unexpected = []


def call():
    try:
        while not done.is_set():
            for call in (lambda: called(1, 2), lambda: called(1, y=2), lambda: called(*(1, 2))):
                try:
                    found = call()
                except TypeError:
                    continue
                if found[:3] not in [("one", 1, 2), ("two", 1, 2), ("made", 1, 2)]:
                    unexpected.append(found)
    except BaseException as error:
        unexpected.append(error)


threads = [threading.Thread(target=call) for _ in range(3)]
for thread in threads:
    thread.start()
for number in range(1_500):
    called.__code__ = made(number) if number % 2 else codes[number // 2 % 3]
done.set()
for thread in threads:
    thread.join()
print(unexpected)
called.__code__ = codes[0]
print(called(3, 4), called.__name__)
