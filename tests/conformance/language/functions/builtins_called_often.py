# Built-in functions, methods and classes that a site calls again and again: with the arguments that have a short way,
# with those that have not, and with wrong ones.


def site(source):
    """A function whose one call site sees every argument list in turn, several times."""
    namespace = {}
    exec(f"def call(f, args):\n    a, b, c = (*args, None, None, None)[:3]\n    return {source}", namespace)
    return namespace["call"]


SITES = [site("f()"), site("f(a)"), site("f(a, b)"), site("f(a, b, c)")]


def show(name, f, *lists):
    print(name)
    for _ in range(3):
        results = []
        for args in lists:
            try:
                result = SITES[len(args)](f, args)
            except Exception as error:
                results.append(f"{type(error).__name__}: {error}")
            else:
                results.append(f"{type(result).__name__} {result!r}")
    for args, result in zip(lists, results):
        print("   ", args, result)


class Name(str):
    def __len__(self):
        return 99

    def __int__(self):
        return 77

    def __str__(self):
        return "named"

    def __hash__(self):
        return 5

    __eq__ = str.__eq__


class Number(int):
    def __abs__(self):
        return "abs"

    def __float__(self):
        return 1.5

    def __str__(self):
        return "number"

    def __lt__(self, other):
        return True

    __gt__ = __lt__

    def __add__(self, other):
        return "added"

    __radd__ = __lshift__ = __and__ = __add__

    def __neg__(self):
        return "negative"


class Items(list):
    def __len__(self):
        return 42

    def __bool__(self):
        return False


class Posing:
    def __repr__(self):
        return "posing"

    @property
    def __class__(self):
        return int


nan, inf = float("nan"), float("inf")
big = 10 ** 40
show("len", len, ([1, 2],), ((),), ("abc",), ({1: 2},), (Items([1]),), (Name("x"),), (5,), (range(3),), (b"ab",))
show("hash", hash, (-1,), (0,), (True,), (2 ** 61 - 1,), (-(2 ** 61),), (big,), (0.0,), (1.5,), (-1.0,), (inf,), (Name("x"),), ([],))
print(hash("text") == hash("te" + "xt"), hash(nan) == hash(nan))
show("isinstance", isinstance, (1, int), (True, int), (1, str), ("", (int, str)), ([], (int, str)), (Posing(), int), (Posing(), str), (Items(), list), (1, 5), (1, (str, 5)), (1, int | str), (None, type(None)), (1, ()))
show("abs", abs, (-5,), (-(2 ** 62),), (2 ** 62 - 1,), (-0.0,), (-1.5,), (True,), (Number(-1),), (big,), (-big,), ("",), (nan,))
show("ord", ord, ("a",), ("\U0001f600",), ("\ud800",), (b"x",), ("",), ("ab",), (5,), (Name("q"),))
show("chr", chr, (97,), (0x1F600,), (0xD800,), (-1,), (0x110000,), (True,), (big,), ("a",), (2.0,))
show("max", max, (1, 2), (2, 1), (1.5, nan), (nan, 1.5), (1, 2.5), (-0.0, 0.0), (True, 1), (Number(1), 2), (1, Number(2)), ("a", "b"), (1, "a"), ([3, 1],), (1, 2, 3), ())
show("min", min, (1, 2), (2, 1), (1.5, nan), (nan, 1.5), (1, 2.5), (0.0, -0.0), (1, True), (Number(1), 2), (1, Number(2)), ("a", "b"), (1, "a"), ([],), (3, 2, 1))
show("int", int, (5,), (2.9,), (-2.9,), (1e30,), (nan,), (inf,), ("12",), ("-12",), ("+12",), (" 12 ",), ("1_000",), ("",), ("-",), ("9" * 18,), ("9" * 30,), ("\u0663",), ("1.5",), ("z", 36), (Name("3"),), (Number(4),), (True,), (None,), (b"12",), ())
show("float", float, (5,), (2 ** 61 + 1,), (big,), (1.5,), (0.0,), (1e300,), ("1.5",), (True,), (Number(2),), ("x",), (None,), ())
show("str", str, (5,), (-(2 ** 62),), ("x",), (Name("x"),), (Number(4),), (True,), (big,), (1.5,), (None,), (b"a", "ascii"), ())
show("bool", bool, (0,), (3,), (0.0,), ([],), ("x",), (Items([1]),), (None,), (False,), ({},), (big,), ())
show("type", type, (5,), (None,), (Name("x"),), (Posing(),), (int,))
show("range", range, (3,), (-3,), (1, 5), (5, 1), (1, 9, 2), (True,), (2 ** 62,), (-(2 ** 62), 2 ** 62 - 1), (1.5,), (1, 2, 0))
show("list", list, (), ([1],), ((1, 2),), ("ab",), (5,))
show("dict", dict, (), ({1: 2},), (5,))

table = {"a": 1, 2: "two", 2.5: "half", (1,): "tuple"}
show("dict.get", table.get, ("a",), ("b",), ("b", "d"), (2,), (2.0,), (2.5,), (True, "no"), ((1,),), (Name("a"), "own hash"), ([],), ())
show("dict.get", dict.get, (table, "a"), (table, "b", 5), (5, "a"), ([], 1))
show("startswith", "abcd".startswith, ("ab",), ("b",), ("",), ("abcde",), (("x", "a"),), ("\u0100",), ("b", 1), (5,), (b"a",))
show("endswith", "\u0100bcd".endswith, ("cd",), ("b",), ("",), (Name("d"),), (("x", "d"),), ("c", 0, -1), (5,))
show("pop", [1, 2, 3].pop, ())
show("pop", [].pop, ())
show("pop", [1, 2].pop, (0,), (5,), ("a",))
show("to_bytes", (1000).to_bytes, (2,), (2, "little"), (3, "big"), (1,), (8, "big"), (9, "little"), (2, "middle"), (-1,), (0,), ())
show("to_bytes", (-1).to_bytes, (2,), (2, "little"))
show("bit_length", int.bit_length, (0,), (-255,), (True,), (big,), (1.5,))
show("bit_count", int.bit_count, (0,), (-255,), (True,), (big,), ("",))

import math

show("gcd", math.gcd, (), (12,), (12, 18), (-12, 18), (0, 0), (-(2 ** 62), 0), (12, 18, 27), (big, 15), (1.5, 2), (True, 3))
show("sqrt", math.sqrt, (4,), (2.25,), (0.0,), (-0.0,), (-1,), (-1.5,), (nan,), (inf,), (2 ** 60 + 1,), (big,), ("x",), (Number(9),))

items = []
append = items.append
for number in range(20):
    items.append(number)
    append(str(number))
print(items)
own = Items()
for number in range(5):
    own.append(number)
    list.append(own, -number)
print(list.__len__(own), own)
for _ in range(3):
    try:
        list.append(5, 6)
    except TypeError as error:
        print(error)


class Holder:
    pass


# A bound method that is an attribute, whose short way fails now and then: there is no room, or an argument is odd.
holder = Holder()
holder.append, holder.pop, holder.find = items.append, items.pop, {"a": 1}.get
for number in range(100):
    holder.append(number)
print(len(items), items[-3:])
for key in ("a", "b", (), "a"):
    print(holder.find(key), holder.find(key, "default"))
for _ in range(len(items) + 1):
    try:
        last = holder.pop()
    except IndexError as error:
        print(last, error)
