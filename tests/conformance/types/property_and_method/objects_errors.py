class C:
    def m(self, x): return self, x
    @classmethod
    def c(cls): return cls
    @staticmethod
    def s(): return "static"
    p = property(lambda self: 5, doc="docs")
o = C()
m = o.m
import types
b = types.MethodType(lambda self, y: (self, y), 10)
for action in (
    lambda: m(), lambda: m(1, 2), lambda: C.m(), lambda: types.MethodType(5, 1),
    lambda: types.MethodType(len, None), lambda: setattr(m, "x", 1), lambda: property(1, 2, 3, 4, 5),
    lambda: o.m.nope, lambda: C.c(1),
):
    try:
        print(action())
    except (TypeError, AttributeError) as error:
        print(type(error).__name__, error)
