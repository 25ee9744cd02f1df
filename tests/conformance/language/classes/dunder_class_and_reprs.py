class Outer:
    class Inner:
        pass
    def method(self):
        pass
print(Outer, Outer.Inner, Outer.Inner.__qualname__, Outer.method.__qualname__)
def f():
    class Local:
        pass
    return Local
print(f(), f.__qualname__)
print(repr(Outer()).startswith("<__main__.Outer object at 0x"))
print(repr(Outer().method).startswith("<bound method Outer.method of <__main__.Outer object at 0x"))
print(repr(f).startswith("<function f at 0x"), len, [].append.__qualname__, str.upper, int.__add__)
print(type(int.__add__), dict.fromkeys.__name__)
print(repr(Outer.__dict__["__dict__"]), type(Outer.__dict__))
print((1).__class__, type(None), type(...), type(NotImplemented), object, type(print), type(lambda: 0))
print(type(x for x in ()))
print(Outer.__doc__, Outer.__module__, Outer.__firstlineno__, Outer.__static_attributes__)
class S:
    def __init__(self):
        self.b = self.a = 1
print(sorted(S.__static_attributes__))
