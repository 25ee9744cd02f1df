class C: pass
for i in range(500):
    C = type(f"C{i}", (C,), {})
print(len(C.__mro__), isinstance(C(), object))
C.__mro__[-2].attr = "found"
print(C().attr)
class A:
    def m(self): return 0
for i in range(300):
    ns = {"A": A}
    exec("class B(A):\n    def m(self): return 1 + super().m()", ns)
    A = ns["B"]
print(A().m())
f = lambda x: x
for _ in range(800):
    f = (lambda g: lambda x: g(x))(f)
print(f(5))
import functools
p = print
for _ in range(2000):
    p = functools.partial(p)
p("partials are flattened")
d = C()
class Proxy:
    def __init__(self, o): self.o = o
    def __getattr__(self, n): return getattr(self.o, n)
for _ in range(50):
    d = Proxy(d)
print(d.attr)
for _ in range(100000):
    d = Proxy(d)
try:
    d.attr
except RecursionError:
    print("RecursionError")
