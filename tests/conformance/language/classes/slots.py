class P:
    __slots__ = ("x", "y")
    def __init__(self, x, y):
        self.x, self.y = x, y
class Q(P):
    __slots__ = ("z",)
class R(P):
    pass

p = P(1, 2)
print(p.x, hasattr(p, "__dict__"), P.__slots__)
for action in (lambda: setattr(p, "z", 1), lambda: Q(1, 2).z, lambda: delattr(Q(1, 2), "z")):
    try:
        action()
    except AttributeError as error:
        print(error)
q = Q(1, 2)
q.z = 3
print(q.x + q.y + q.z)
r = R(1, 2)
r.extra = 4
print(r.__dict__, r.x)
try:
    class S:
        __slots__ = ("a",)
        a = 1
except ValueError as error:
    print(error)
try:
    class N(int):
        __slots__ = ("a",)
except TypeError as error:
    print(error)
try:
    class M:
        __slots__ = ("not an identifier",)
except TypeError as error:
    print(error)
del p.x
try:
    p.x
except AttributeError as error:
    print(error)
print(type(P.x).__name__, P.x.__name__)
class D:
    __slots__ = {"a": "documented"}
print(D.a.__doc__)
class W:
    __slots__ = ("__dict__", "__weakref__", "v")
w = W()
w.v = w.other = 5
print(w.__dict__)
