# Attributes keep their order, also after a deletion; classes and dicts may be exchanged.
class C:
    pass

o = C()
o.a, o.b, o.c = 1, 2, 3
del o.b
o.b = 4
print(list(o.__dict__.items()))
del o.a
print(list(vars(o)), o.c)
o.a = 5
print(list(vars(o)))

class D:
    def hello(self):
        return "hello from D", self.c
o.__class__ = D
print(o.hello(), type(o).__name__, sorted(vars(o)))

class Bunch(dict):
    def __init__(self, **values):
        super().__init__(values)
        self.__dict__ = self

b = Bunch(x=1)
b.y = 2
b["z"] = 3
print(b, b.z, b.x)
del b.x
print("x" in b, list(b))

class S:
    __slots__ = ("p", "q")
class T:
    __slots__ = ("p", "q")
s = S()
s.p = 1
try:
    s.q
except AttributeError as error:
    print(error)
s.__class__ = T
print(s.p, type(s).__name__)
try:
    s.r = 1
except AttributeError as error:
    print(error)
try:
    s.__class__ = C
except TypeError as error:
    print(error)

class I(int):
    pass
class L(list):
    __slots__ = ("extra",)
i = I(5)
i.note = "subclass of int"
l = L([1, 2])
l.extra = "slot in a list"
l.append(3)
print(i + 1, i.note, l, l.extra)
o.__dict__ = {"only": 1}
print(o.only, hasattr(o, "c"))
o.__dict__[1] = "a key that is no string"
print(o.__dict__)
