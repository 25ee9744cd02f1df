class A:
    value = "A.value"
    def f(self, x=1):
        return f"A.f({x})"
    @classmethod
    def c(cls):
        return "A.c " + cls.__name__
class B(A):
    value = "B.value"
    def f(self, x=2):
        g = super().f
        return "B+" + g(x) + super(B, self).f() + super().value
    @classmethod
    def c(cls):
        return "B+" + super().c()
    def nested(self):
        def inner():
            return super(B, self).f(9)
        return inner()
b = B()
print(b.f(), B.c(), b.nested(), super(B, b).value, super(B, B).c())
for action in (lambda: super(), lambda: super(B, 5), lambda: super(B, b).nope, lambda: super(1, 2)):
    try:
        action()
    except (TypeError, AttributeError, RuntimeError) as error:
        print(type(error).__name__, error)
print(repr(super(B, b)).split(" object")[0], super(B, b).__thisclass__.__name__, super(B, b).__self__ is b)
class C(B):
    def f(self):
        self = None
        try:
            super().f()
        except (TypeError, AttributeError) as error:
            return str(error)
print(C().f())
