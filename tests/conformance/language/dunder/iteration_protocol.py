class Countdown:
    def __init__(self, n): self.n = n
    def __iter__(self): return self
    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n + 1
    def __length_hint__(self): return self.n
print(list(Countdown(3)), sum(Countdown(4)), max(Countdown(2)), sorted(Countdown(3)), 2 in Countdown(3))
print([*Countdown(2)])
import operator
print(operator.length_hint(Countdown(7)), dict(enumerate(Countdown(2))), list(map(str, Countdown(2))))
print(list(zip(Countdown(3), "ab")))
it = iter([1, 2, 3])
print(next(it), list(it), next(it, "end"))
print(list(iter(iter([3, 1, 2]).__next__, 2)))
class NoNext:
    def __iter__(self): return object()
class NoIter:
    pass
class RaisesInIter:
    def __iter__(self): raise ValueError("in iter")
class NoneIter:
    __iter__ = None
for C in (NoNext, NoIter, RaisesInIter, NoneIter):
    try:
        list(C())
    except (TypeError, ValueError) as error:
        print(error)
l = [1, 2]
it = iter(l)
next(it); next(it)
print(next(it, "exhausted"))
l.append(3)
print(next(it, "still exhausted"))
