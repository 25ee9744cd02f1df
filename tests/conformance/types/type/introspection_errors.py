class A:
    x = 1
    def f(self): pass
class B(A):
    y = 2
B.z = 3
setattr(B, "w", 4)
del B.z
for action in (
    lambda: B.z, lambda: delattr(B, "z"), lambda: setattr(int, "x", 1), lambda: delattr(int, "real"),
    lambda: setattr(B, "__name__", 5), lambda: setattr(B, "__bases__", 5),
    lambda: setattr(B, "__bases__", ()), lambda: setattr(B, "__bases__", (B,)),
    lambda: setattr(B, "__bases__", (int,)), lambda: delattr(B, "__name__"), lambda: B < A, lambda: B(),
    lambda: type.mro(5), lambda: delattr(B, "__bases__"),
):
    try:
        print(type(action()).__name__)
    except (AttributeError, TypeError) as error:
        print(type(error).__name__, error)
