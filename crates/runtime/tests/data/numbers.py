"""Records what numbers do in CPython 3.14: python3.14 -W error numbers.py > numbers.tsv, in this folder.

Rows that warn are left out, since the warnings module needs an interpreter. A row is an operation, its operands as literals, and the repr of the result or the exception, between tabs.
"""

import itertools
import operator

VALUES = [
    0, 1, -7, True, 12345678901234567890, -(1 << 62) - 1, (1 << 200) + 12345,
    0.0, -0.0, 1.5, -2.5, 1e300, float("inf"), float("nan"),
    0j, 1 + 2j, -1.5j, "a", None,
]
OPERATORS = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "divmod": divmod, "&": operator.and_, "|": operator.or_, "^": operator.xor,
    "<": operator.lt, "<=": operator.le, "==": operator.eq, "!=": operator.ne, ">": operator.gt, ">=": operator.ge,
}
SMALL = [0, 1, -3, True, 70, 1.5, -2.0, 0.5, 1j, 2 - 1j, 1 << 70]
UNARY = "__repr__ __hash__ __bool__ __neg__ __pos__ __abs__ __invert__ __int__ __float__ __index__ __trunc__ " \
    "__floor__ __ceil__ __round__ conjugate is_integer as_integer_ratio hex bit_length bit_count __getnewargs__ " \
    "__sizeof__ __complex__"
ATTRIBUTES = "real imag numerator denominator"
TEXTS = ["12", " -1_000 ", "0x1f", "0b1_1", "1__0", "", "1.5", "-inf", "nan", "1e5", "(1+2j)", "1+2", "j", "1_0.5_0",
         "\u0661\u0662", "\x1c1", "1\u2003", "9" * 30, "true", "\u00e9"]
CALLS = [
    ("int",), ("int", b"12"), ("int", "z", 36), ("int", "0x1f", 0), ("int", "012", 0), ("int", "1", 37), ("int", 1, 10),
    ("int", "1", 1 << 70), ("int", "1", 2.5), ("float",), ("float", b" 1.5 "), ("complex",), ("complex", 1, 2),
    ("complex", 1.5, 2j), ("complex", 1j, 2j), ("complex", "1", 2), ("complex", 1, "2"), ("complex", 1 << 2000),
    ("complex", b"1"), ("bool",), ("bool", ""), ("bool", "x"), ("bool", 1, 2), ("float", 1 << 2000), ("float", 1, 2),
]
METHODS = [
    (5, "to_bytes", -1), (5, "to_bytes", 2, "x"), (5, "to_bytes", 2, 5), (5, "to_bytes"), (-1, "to_bytes", 2, "big"),
    (256, "to_bytes", 1, "big"), (258, "to_bytes", 3, "little"), (5, "to_bytes", "a"), (1 << 70, "to_bytes", 9),
    (1234, "__round__", -2), (1250, "__round__", -2), (-1350, "__round__", -2), (5, "__round__", "a"),
    (5, "__round__", None), (5, "__round__", 1 << 70), (5, "__round__", -5), (55, "__round__", -2),
    (10**30 + 5, "__round__", -1), (1.25, "__round__", 1), (1.5, "__round__", "a"), (1e300, "__round__", 1 << 70),
    (2.675, "__round__", 2), (1234.5, "__round__", -2), (1.5, "__round__", None), (float("inf"), "__round__"),
    (float("nan"), "__round__"), (float("nan"), "__round__", 1), (1.7e308, "__round__", -308),
    (2, "__pow__", 3, 5), (2, "__rpow__", 3), (2, "__pow__", -1, 5), (2, "__pow__", -1, 4), (2, "__pow__", 3, 0),
    (2, "__pow__", 1.5), (2, "__pow__", 3, 1.5), (1.5, "__pow__", 2, 3), (1j, "__pow__", 2, 3),
    (5, "__format__", ""), (5, "__format__", "05d"), (5, "__format__", 3), (5, "__format__", ".2f"),
    (True, "__format__", ""), (True, "__format__", "d"), (1.5, "__format__", "q"), (1j, "__format__", "08"),
    (1e6, "__format__", ",.2f"), (65, "__format__", "c"), (0x20AC, "__format__", "^5c"), (5, "__format__", "\u00e9^5"),
    (5, "from_bytes", b"\xff\x00"), (5, "from_bytes", b"\xff\x00", "little"), (5, "from_bytes", "a"),
    (5, "from_bytes", 5), (5, "from_bytes", b"a", "x"), (5, "from_bytes", b"a", 1), (5, "from_bytes", b""),
    (1.5, "fromhex", "0x1.8p1"), (1.5, "fromhex", "x"), (1.5, "fromhex", "1p9999"), (1.5, "fromhex", 1),
    (1.5, "fromhex", " -nan "), (1.5, "from_number", 3), (1.5, "from_number", "1"), (1.5, "__getformat__", "double"),
    (1.5, "__getformat__", "x"), (1j, "from_number", 3), (1j, "from_number", "1"), (1.5, "__rdivmod__", 3),
    (5, "__lt__", "a"), (5, "__add__", 1.5), (5, "__eq__", 5.0), (1j, "__lt__", 1j),
]


def literal(value):
    if isinstance(value, bytes):
        return "b:" + value.hex()
    if isinstance(value, str):
        return "s:" + value.encode("unicode_escape").decode()
    if value is None or isinstance(value, bool):
        return "k:" + repr(value)
    return type(value).__name__[0] + ":" + repr(value)


def row(name, operands, function, *args):
    try:
        result = repr(function(*args))
        if name == ".__hash__" and "nan" in repr(operands):
            return
    except Warning:
        return
    except Exception as error:
        result = type(error).__name__ + ": " + str(error)
    result = result.encode("unicode_escape").decode()
    print(name, *map(literal, operands), result, sep="\t")


def main():
    for (name, function), a, b in itertools.product(OPERATORS.items(), VALUES, VALUES):
        # A third of the pairs is enough, and always those of an object with itself.
        if VALUES.index(a) == VALUES.index(b) or (VALUES.index(a) * 7 + VALUES.index(b)) % 3 == len(name) % 3:
            row(name, (a, b), function, a, b)
    for a, b in itertools.product(SMALL, SMALL):
        if not (isinstance(b, int) and b > 70):
            row("**", (a, b), operator.pow, a, b)
        if not (isinstance(b, int) and b > 70):
            row("<<", (a, b), operator.lshift, a, b)
        row(">>", (a, b), operator.rshift, a, b)
    for name, value in itertools.product(UNARY.split(), VALUES[:-2]):
        if hasattr(value, name):
            row("." + name, (value,), getattr(value, name))
    for name, value in itertools.product(ATTRIBUTES.split(), VALUES[:-2]):
        if hasattr(value, name):
            row("@" + name, (value,), getattr, value, name)
    for kind, value in itertools.product((int, float, complex, bool), VALUES + TEXTS):
        row("call " + kind.__name__, (value,), kind, value)
    for kind, *args in CALLS:
        row("call " + kind, args, getattr(__builtins__, kind), *args)
    for value, name, *args in METHODS:
        row("." + name, (value, *args), getattr(value, name), *args)


main()
