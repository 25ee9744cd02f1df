class C:
    def m(self, x): return self, x
    @classmethod
    def c(cls): return cls
    @staticmethod
    def s(): return "static"
    p = property(lambda self: 5, doc="docs")
o = C()
m = o.m
print(m.__name__, m.__func__ is C.m, m.__self__ is o, m(1)[1], m == o.m, hash(m) == hash(o.m), C.c())
print(o.c() is C, C.s(), o.s(), C.p.__doc__, m.__doc__)
import types
b = types.MethodType(lambda self, y: (self, y), 10)
print(b(5), isinstance(m, types.MethodType), isinstance(len, types.BuiltinFunctionType))
print(isinstance([].append, types.BuiltinMethodType))
f = str.upper
print(f("abc"), f.__name__, f.__qualname__, f.__objclass__, f.__get__("xyz")(), "abc".upper.__self__)
print(int.__dict__["from_bytes"].__get__(None, int).__name__)
