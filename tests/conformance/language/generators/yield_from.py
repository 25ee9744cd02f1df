def inner():
    received = []
    try:
        while True:
            received.append((yield len(received)))
    except ValueError as error:
        received.append(str(error))
    return received

def outer():
    result = yield from inner()
    yield ("inner returned", result)
    result = yield from [10, 20]
    yield ("list returned", result)
    yield from "xy"
    return "end"

g = outer()
print(next(g), g.send("a"), g.send("b"), g.throw(ValueError("stop")))
print(list(g))
g = outer()
next(g)
print(g.gi_yieldfrom.__name__)
g.close()
class It:
    def __iter__(self): return self
    def __next__(self): return 1
    def send(self, v): return ("send", v)
    def throw(self, *a): return ("throw", a[0])
    def close(self): print("closed")
def delegate():
    yield from It()
d = delegate()
print(next(d), d.send(5), d.throw(KeyError) if False else "")
d.close()
try:
    list((lambda: (yield from 5))())
except TypeError as error:
    print(error)
def flatten(x):
    if isinstance(x, list):
        for y in x:
            yield from flatten(y)
    else:
        yield x
print(list(flatten([1, [2, [3, [4, []]]], 5])))
