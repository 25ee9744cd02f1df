def bad():
    yield 1
    raise StopIteration("inside")
g = bad()
next(g)
try:
    next(g)
except RuntimeError as error:
    print(error, repr(error.__cause__), repr(error.__context__))
def also():
    yield next(iter([]))
try:
    list(also())
except RuntimeError as error:
    print(error)
class It:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self):
        self.n += 1
        if self.n > 2:
            raise StopIteration
        return self.n
print(list(It()), [*It()], tuple(It()))
