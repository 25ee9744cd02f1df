import gc, weakref
class C:
    def m(self): return "method"
c = C()
log = []
r = weakref.ref(c, lambda ref: log.append("gone"))
p = weakref.proxy(c)
c.x = 5
print(r() is c, p.x, r == weakref.ref(c), hash(r) == hash(c), p.m())
gc.collect()
print(weakref.getweakrefcount(c))
print(repr(r).startswith("<weakref at 0x"), type(p).__name__)
m = weakref.WeakMethod(c.m)
print(m()())
del c
gc.collect(); gc.collect()
print(r(), log, m())
try:
    p.x
except ReferenceError as error:
    print(error)
for bad in (5, "s", None, (1,), [], {}, object()):
    try:
        weakref.ref(bad)
        print("fine")
    except TypeError as error:
        print(error)
class S(set): pass
s = S()
f = weakref.finalize(s, log.append, "finalized")
print(f.alive, weakref.ref(s)() is s, weakref.ref(print).__class__.__name__)
del s
gc.collect(); gc.collect()
print(f.alive, log[-1])
class Slots:
    __slots__ = ("a",)
class WSlots:
    __slots__ = ("a", "__weakref__")
w = WSlots()
print(weakref.ref(w)() is w)
try:
    weakref.ref(Slots())
except TypeError as error:
    print(error)
