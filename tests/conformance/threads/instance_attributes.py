# Attributes that several threads add to one object are all there; a read never sees a torn value.
import threading
class C:
    shared = 0
o = C()
def add(n):
    for i in range(200):
        setattr(o, f"a{n}_{i}", (n, i))
        o.common = (n, n)
        x, y = o.common
        assert x == y
threads = [threading.Thread(target=add, args=(n,)) for n in range(4)]
for t in threads: t.start()
for t in threads: t.join()
print(len(vars(o)), all(getattr(o, f"a{n}_{i}") == (n, i) for n in range(4) for i in range(200)))
def methods(n):
    for i in range(300):
        setattr(C, f"m{n}", lambda self, n=n: n)
        assert getattr(o, f"m{n}")() == n
threads = [threading.Thread(target=methods, args=(n,)) for n in range(3)]
for t in threads: t.start()
for t in threads: t.join()
print(o.m0(), o.m1(), o.m2())
