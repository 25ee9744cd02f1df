def register(cls):
    registry[cls.__name__] = cls
    return cls
registry = {}

@register
class A:
    pass
@register
class B(A):
    pass
print(sorted(registry), registry["B"] is B)

class CountCalls:
    def __init__(self, f):
        self.f, self.calls = f, 0
    def __call__(self, *args):
        self.calls += 1
        return self.f(*args)
    def __get__(self, obj, owner=None):
        return self if obj is None else lambda *args: self(obj, *args)

@CountCalls
def double(x):
    return 2 * x
print(double(2), double(4), double.calls)

class C:
    @CountCalls
    def method(self, x):
        return type(self).__name__, x
    @staticmethod
    @CountCalls
    def static(x):
        return x
print(C().method(1), C.method.calls, C.static(5))
