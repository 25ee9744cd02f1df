import threading
def f(): f()
out = []
def run():
    try:
        f()
    except RecursionError as error:
        out.append(str(error))
threads = [threading.Thread(target=run) for _ in range(3)]
for t in threads: t.start()
for t in threads: t.join()
print(len(out), set(out))
e = None
for i in range(20000):
    new = ValueError(i)
    new.__cause__ = e
    e = new
del e, new
g = ValueError("leaf")
for _ in range(5000):
    g = ExceptionGroup("g", [g])
try:
    g.split(KeyError)
except RecursionError:
    pass
print(str(g))
del g
def handler():
    try:
        1 / 0
    except ZeroDivisionError:
        handler()
try:
    handler()
except RecursionError as error:
    n = 0
    while error.__context__ is not None:
        error = error.__context__
        n += 1
    print(n > 100, type(error).__name__)
