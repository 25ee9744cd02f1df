class C:
    def m(self, x): return self, x
    @classmethod
    def c(cls): return cls
    @staticmethod
    def s(): return "static"
    p = property(lambda self: 5, doc="docs")
o = C()
m = o.m
print(m.__name__, m.__func__ is C.m, m.__self__ is o, m(1)[1], m == o.m, hash(m) == hash(o.m), C.c(), o.c() is C, C.s(), o.s(), C.p.__doc__, m.__doc__)
import types
b = types.MethodType(lambda self, y: (self, y), 10)
print(b(5), isinstance(m, types.MethodType), isinstance(len, types.BuiltinFunctionType), isinstance([].append, types.BuiltinMethodType))
for action in (lambda: m(), lambda: m(1, 2), lambda: C.m(), lambda: types.MethodType(5, 1), lambda: types.MethodType(len, None), lambda: setattr(m, "x", 1), lambda: property(1, 2, 3, 4, 5), lambda: o.m.nope, lambda: C.c(1)):
    try:
        print(action())
    except (TypeError, AttributeError) as error:
        print(type(error).__name__, error)
f = str.upper
print(f("abc"), f.__name__, f.__qualname__, f.__objclass__, f.__get__("xyz")(), "abc".upper.__self__, int.__dict__["from_bytes"].__get__(None, int).__name__)
