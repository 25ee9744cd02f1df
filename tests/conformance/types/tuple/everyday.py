t = (1, "a", None)
print(t, len(t), t[0], t[-1], t[1:], t[::-1], t + (2,), t * 2, (), (1,), tuple("abc"), tuple([1]), tuple(), 1 in t, t.count(1), t.index("a"), hash((1, 2)) == hash((1, 2)))
print((1, 2) < (1, 3), (1,) < (1, 0), (1, 2) == (1, 2), (1, 2) == [1, 2], max((1, 2), (2, 0)), sorted([(2, "a"), (1, "b")]), {(1, 2): "key"}[1, 2], tuple(i for i in range(3)))
for action in (lambda: t[5], lambda: t["a"], lambda: t.index(9), lambda: t + [1], lambda: t * "a", lambda: tuple(5), lambda: hash(([],)), lambda: t < 5, lambda: (1,) < ("a",), lambda: t.append(1), lambda: tuple(1, 2), lambda: t.index("a", 2)):
    try:
        print(action())
    except (IndexError, TypeError, ValueError, AttributeError) as error:
        print(type(error).__name__, error)
for code in ("t[0] = 1", "del t[0]", "t[0] += 1"):
    try:
        exec(code)
    except TypeError as error:
        print(error)
class T(tuple):
    def __new__(cls, *items): return super().__new__(cls, items)
    @property
    def first(self): return self[0]
x = T(1, 2)
print(x, x.first, type(x[:1]).__name__, x == (1, 2), x + (3,), repr(T()))
from collections import namedtuple
P = namedtuple("P", "x y", defaults=[5])
p = P(1)
print(p, p.x, p._replace(y=2), p._asdict(), P._fields, p == (1, 5), P._make([3, 4]), tuple(p))
