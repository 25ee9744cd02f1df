t = (1, "a", None)
print(t, len(t), t[0], t[-1], t[1:], t[::-1], t + (2,), t * 2, (), (1,), tuple("abc"), tuple([1]), tuple())
print(1 in t, t.count(1), t.index("a"), hash((1, 2)) == hash((1, 2)))
print((1, 2) < (1, 3), (1,) < (1, 0), (1, 2) == (1, 2), (1, 2) == [1, 2], max((1, 2), (2, 0)))
print(sorted([(2, "a"), (1, "b")]), {(1, 2): "key"}[1, 2], tuple(i for i in range(3)))
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
