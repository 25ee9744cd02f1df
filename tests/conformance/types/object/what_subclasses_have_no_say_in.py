# What built-in types take of instances of their subclasses: an int's number, a float's number, a dict's own way to iterate.
import types


class Int(int):
    pass


class Indexed:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


def names(values):
    return [type(value).__name__ for value in values]


print(names(slice(True, Int(5), Int(1)).indices(10)))
print(names(slice(Indexed(1), Indexed(5), None).indices(True)))
print(slice(Int(2**70), None, None).indices(2**80))
print(names(slice(Int(2**70), Int(2**71), Int(2)).indices(Int(2**80))))
print(names([range(10)[Int(1) : Int(5)].start, range(10)[Int(1) : Int(5)].stop]))


class Other(dict):
    def __iter__(self):
        return iter(["z"])

    def keys(self):
        return ["q"]

    def __getitem__(self, key):
        return "got"


class Same(dict):
    def keys(self):
        return ["q"]


for mapping in (Other(a=1), Same(a=1)):
    print(mapping.copy(), type(mapping.copy()).__name__, mapping | {"b": 2}, {"b": 2} | mapping, dict(mapping), {**mapping})
    changed = {}
    changed |= mapping
    print(changed)


class Fails(Other):
    def __getitem__(self, key):
        raise LookupError(key)


for action in (lambda: Fails(a=1).copy(), lambda: Fails(a=1) | {}, lambda: {} | Fails(a=1)):
    try:
        print(action())
    except LookupError as error:
        print(repr(error))


class Floats(float):
    def __float__(self):
        return 9.0


class Both(Floats):
    def __complex__(self):
        return 5 + 0j


print(complex(Floats(1)), complex(1, Floats(1)), complex(Floats(1), 2), complex(Both(1)), float(Floats(1)))

module = types.ModuleType("module")
module.x = 1
module.y = 2
module.call = lambda: "called"


class Sub(types.ModuleType):
    @property
    def x(self):
        return "property"

    def __getattribute__(self, name):
        return "got" if name == "y" else super().__getattribute__(name)

    @property
    def call(self):
        return lambda: "property called"


def read():
    return module.x, module.y, module.call()


for _ in range(50):
    read()
print(read())
module.__class__ = Sub
print(read())
module.__class__ = types.ModuleType
print(read())
