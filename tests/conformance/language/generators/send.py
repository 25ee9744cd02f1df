def averager():
    total, n, average = 0, 0, None
    while True:
        value = yield average
        if value is None:
            return f"{n} values"
        total += value
        n += 1
        average = total / n

g = averager()
try:
    g.send(1)
except TypeError as error:
    print(error)
print(g.send(None), g.send(10), g.send(20), g.send(60))
try:
    g.send(None)
except StopIteration as stop:
    print(stop.value)
try:
    g.send(1)
except StopIteration as stop:
    print("exhausted", stop.value)
def echo():
    x = yield
    while True:
        x = yield (x, (yield "inner"))
e = echo()
print(next(e), e.send(1), e.send(2), e.send(3))
