# One generator, one resumption at a time; chains of `yield from` of any everyday depth.
import threading

def reentrant():
    yield next(g)
g = reentrant()
try:
    next(g)
except ValueError as error:
    print(error)

def chain(depth):
    if depth:
        got = yield from chain(depth - 1)
        return got + 1
    total = 0
    while True:
        value = yield total
        if value is None:
            return total
        total += value

for depth in (1, 20, 200):
    c = chain(depth)
    next(c)
    for value in (5, 6, 7):
        last = c.send(value)
    try:
        c.send(None)
    except StopIteration as stop:
        print(depth, last, stop.value)

entered, leave = threading.Event(), threading.Event()
def slow():
    entered.set()
    leave.wait()
    yield "value"
s = slow()
results = []
thread = threading.Thread(target=lambda: results.append(next(s)))
thread.start()
entered.wait()
try:
    next(s)
except ValueError as error:
    print(error)
leave.set()
thread.join()
print(results, s.gi_running)
