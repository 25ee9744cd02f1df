class C:
    def __new__(cls, *args, **kwargs):
        print("new", cls.__name__, args, kwargs)
        return super().__new__(cls)
    def __init__(self, a, b=2):
        print("init", a, b)
        self.sum = a + b

print(C(1).sum, C(1, b=5).sum)
class Other:
    def __new__(cls):
        return 42
    def __init__(self):
        print("never")
print(Other())
class Returns:
    def __init__(self):
        return 1
for make in (Returns, lambda: object(1), lambda: C(), lambda: type("X", (), {})(1)):
    try:
        make()
    except TypeError as error:
        print(error)
class Sub(int):
    def __new__(cls, value):
        return super().__new__(cls, value * 10)
print(Sub(4), type(Sub(4) + 1).__name__, object.__new__(C).__class__.__name__)
class Single:
    only = None
    def __new__(cls):
        if cls.only is None:
            cls.only = super().__new__(cls)
        return cls.only
print(Single() is Single())
