# Special methods taken from a class that is no base: they refuse the object.
class A(int):
    __eq__ = str.__eq__
    __add__ = str.__add__
    __mul__ = list.__mul__
    __len__ = list.__len__
    __getitem__ = list.__getitem__
    __repr__ = str.__repr__
    __hash__ = str.__hash__
    __iter__ = dict.__iter__
    __bool__ = float.__bool__


a = A(5)
operations = {
    "==": lambda: a == a,
    "+": lambda: a + a,
    "*": lambda: a * 2,
    "len": lambda: len(a),
    "[]": lambda: a[0],
    "repr": lambda: repr(a),
    "hash": lambda: hash(a),
    "iter": lambda: iter(a),
    "bool": lambda: bool(a),
    "-": lambda: a - 1,
}
for name, operation in operations.items():
    try:
        print(name, operation())
    except TypeError as error:
        print(name, error)


# Both of a sequence's own.
class B(list):
    __add__ = list.__add__
    __mul__ = list.__mul__


print(B([1]) + [2], B([1]) * 2, type(B([1]) + [2]))


# The class is known to its own methods before its order of resolution is.
class Meta(type):
    def mro(cls):
        if "f" in cls.__dict__:
            cls.__dict__["f"]()
        return super().mro()

    def __new__(mcls, name, bases, namespace, **keywords):
        return super().__new__(mcls, name, bases, namespace)


class C(metaclass=Meta):
    def f():
        print(__class__.__name__)


class D(metaclass=Meta):
    __slots__ = ["__classcell__"]

    def f():
        print(__class__.__name__, type(__class__.__dict__.get("__classcell__")).__name__)


print(type(D.__dict__["__classcell__"]).__name__)
d = D()
d.__classcell__ = 42
print(d.__classcell__)
