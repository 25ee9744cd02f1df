import gc, weakref
class Node:
    pass
def ring(n):
    nodes = [Node() for _ in range(n)]
    for a, b in zip(nodes, nodes[1:] + nodes[:1]):
        a.next = b
    return weakref.ref(nodes[0])
refs = [ring(n) for n in (1, 2, 50)]
gc.collect(); gc.collect()
print([r() for r in refs], isinstance(gc.collect(), int))
l = []
l.append(l)
class C:
    def method(self): return self
c = C()
c.bound = c.method
c.closure = lambda: c
r = weakref.ref(c)
del c, l
gc.collect(); gc.collect()
print(r())
class Meta(type): pass
def make():
    class Temp(metaclass=Meta):
        def f(self): return __class__
    return weakref.ref(Temp)
t = make()
gc.collect(); gc.collect(); gc.collect()
print(t())
for args in (("x",), (3,), (-1,), (0, 1)):
    try:
        gc.collect(*args)
        print("collected")
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
