def greet(self):
    return "hello " + self.name
C = type("C", (dict,), {"greet": greet, "name": "made"})
c = C(a=1)
print(c.greet(), c, C.__name__, C.__module__, C.__qualname__)
D = type("D", (C,), {})
print(D.__mro__[1] is C, type(D), type(type))
for args in ((), ("X",), ("X", (), {}, 1), (1, (), {}), ("X", 1, {}), ("X", (1,), {}), ("X\0", (), {})):
    try:
        type(*args)
        print("worked")
    except (TypeError, ValueError) as error:
        print(error)
C.__name__ = "Renamed"
print(C, C.__qualname__)
import types
E = types.new_class("E", (C,), {}, lambda ns: ns.update(v=1))
print(E.v, E.__name__)
