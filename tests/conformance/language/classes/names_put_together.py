# Special methods whose names are made at run time, and a list subclass that is extended with itself.
C = type("C", (), {f"__{name}__": value for name, value in [
    ("len", lambda self: 5), ("eq", lambda self, other: "eq"), ("hash", lambda self: 7), ("str", lambda self: "text"),
    ("bool", lambda self: False), ("getitem", lambda self, key: key), ("neg", lambda self: "neg")]})
c = C()
print(len(c), c == 1, hash(c), str(c), bool(c), c[3], -c)


class Body:
    for name in ("add", "call"):
        vars()["__" + name + "__"] = lambda self, *args: args


print(Body() + 1, Body()(2))


class Items(list):
    pass


items = Items([1, 2])
items.extend(items)
items += items
print(items)


class Radd(int):
    def __radd__(self, other):
        return "radd"

    __rmul__ = __rsub__ = __radd__


def add(a, b):
    return a + b


for _ in range(5):
    results = add(1, Radd(3)), add(1.5, Radd(3)), 1.5 * Radd(3), 2 - Radd(1), 0.0 + Radd(1)
print(results)
