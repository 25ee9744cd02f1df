class A:
    x = 1
    def f(self): pass
class B(A):
    y = 2
print(B.__name__, B.__bases__, B.__mro__, B.__dict__["y"], "x" in B.__dict__, type(B.__dict__).__name__)
print(A.__subclasses__(), B.__base__, B.__module__, B.__qualname__, type(B), B.__basicsize__ > 0)
print(B.__flags__ & 1 << 9 != 0)
try:
    B.__dict__["z"] = 1
except TypeError as error:
    print(error)
B.z = 3
setattr(B, "w", 4)
print(B.z, B.w, sorted(k for k in vars(B) if not k.startswith("__")), hasattr(B, "f"))
print(getattr(B, "nope", None), [n for n in dir(B) if not n.startswith("__")])
del B.z
print(isinstance(B, type), type(type) is type, type.__call__(B).__class__ is B, issubclass(B, (int, A)))
print(type(5) is int, callable(B), B | int, hash(B) == hash(B), {B: 1}[B])
