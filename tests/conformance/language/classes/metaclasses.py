class Meta(type):
    def __new__(mcls, name, bases, namespace, **kwargs):
        print("new", name, [b.__name__ for b in bases])
        print(sorted(k for k in namespace if not k.startswith("__")), kwargs)
        return super().__new__(mcls, name, bases, namespace)
    def __init__(cls, name, bases, namespace, **kwargs):
        super().__init__(name, bases, namespace)
        cls.tag = name.lower()
    def __call__(cls, *args):
        print("call", cls.__name__, args)
        return super().__call__(*args)
    @classmethod
    def __prepare__(mcls, name, bases, **kwargs):
        print("prepare", name, kwargs)
        return {"prepared": True}
    def __len__(cls):
        return 99
    @property
    def only_on_class(cls):
        return "meta property"

class A(metaclass=Meta, option=1):
    attr = 1
class B(A):
    def __init__(self, x):
        self.x = x

b = B(5)
print(type(B).__name__, B.tag, A.prepared, len(A), A.only_on_class, b.x)
try:
    b.only_on_class
except AttributeError as error:
    print(error)
class Other(type):
    pass
try:
    class C(A, metaclass=Other):
        pass
except TypeError as error:
    print(error)
def function_meta(name, bases, namespace):
    return name, bases, namespace["v"]
class D(metaclass=function_meta):
    v = 3
print(D)
