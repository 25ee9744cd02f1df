import copy
class P:
    def __init__(self, x, items):
        self.x, self.items = x, items
    def __eq__(self, o):
        return (self.x, self.items) == (o.x, o.items)
p = P(1, [1, [2]])
a, b = copy.copy(p), copy.deepcopy(p)
print(a == p, a.items is p.items, b == p, b.items is p.items, b.items[1] is p.items[1])
class Custom:
    def __copy__(self): return "copied"
    def __deepcopy__(self, memo): return "deep"
print(copy.copy(Custom()), copy.deepcopy([Custom()]))
class S:
    __slots__ = ("v",)
s = S()
s.v = [1]
t = copy.deepcopy(s)
print(t.v, t.v is s.v)
print(object.__reduce_ex__(p, 2)[2] == {"x": 1, "items": [1, [2]]}, p.__getstate__() == vars(p))
print(S.__getstate__(s))
loop = []
loop.append(loop)
c = copy.deepcopy(loop)
print(c[0] is c, c is loop, c)
print(copy.replace.__name__)
