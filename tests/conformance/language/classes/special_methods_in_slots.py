# A special method may be a slot of the instance, whose descriptor the class finds.
class Hashed:
    __slots__ = ("__hash__",)
    def __init__(self): self.__hash__ = lambda: 7
    def __eq__(self, other): return self is other
print(hash(Hashed()), Hashed.__hash__)

class Equal:
    __slots__ = ("__eq__",)
    def __init__(self): self.__eq__ = lambda other: "equal"
print(Equal() == 1, Equal.__hash__)

class Called:
    __slots__ = ("__call__", "__len__", "__iter__", "__getitem__", "__add__", "__repr__")
a = Called()
for action in (lambda: a(1), lambda: len(a), lambda: a[0], lambda: bool(a)):
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__, error)
a.__call__ = lambda x: ("called", x)
a.__len__ = lambda: 3
a.__iter__ = lambda: iter("ab")
a.__getitem__ = lambda key: ("item", key)
a.__add__ = lambda other: ("sum", other)
a.__repr__ = lambda: "<repr>"
print(a(1), len(a), list(a), a[0], a + 1, repr(a), bool(a))
class Derived(Called):
    pass
b = Derived()
b.__call__ = lambda: "derived"
print(b())
