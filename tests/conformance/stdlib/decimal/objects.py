# Subclasses, copies, pickles, conversions and the numeric protocols.
import copy
import math
import numbers
import pickle
from collections import namedtuple
from decimal import *


class Money(Decimal):
    def __new__(cls, value="0", unit="EUR"):
        self = super().__new__(cls, value)
        self.unit = unit
        return self


m = Money("12.50", unit="CHF")
print(m, repr(m), m.unit, type(m + 1), type(-m), type(abs(m)), type(m.real), type(m.copy_abs()), type(Decimal(m)), type(Money(m)))
print(type(Money.from_float(1.5)), type(Money.from_number(2)), type(m.__copy__()), m.__reduce__(), copy.deepcopy(m) is m)
print(m == Decimal("12.5"), hash(m) == hash(12.5), m.conjugate() is m, m.canonical() is m, Context().copy_decimal(m) is m)
d = Decimal("-1.50")
print(Decimal(d) is d, copy.copy(d) is d, [pickle.loads(pickle.dumps(x, p)) for p in range(6) for x in (d, Decimal("sNaN3"))])
print(d.as_tuple(), d.as_tuple()._fields, DecimalTuple.__module__, Decimal("-inf").as_tuple(), Decimal("nan7").as_tuple(), Decimal("sNaN").as_tuple())
print(Decimal(Decimal("-123E+7").as_tuple()), pickle.loads(pickle.dumps(d.as_tuple())))
print([x.as_integer_ratio() for x in map(Decimal, ("1.5", "-0.125", "1e3", "-0", "3.14", "100e-2", "7e-20"))])
for text in ("2.5", "-2.5", "3.5", "0.49", "-1e5", "123456789012345678901234.5"):
    x = Decimal(text)
    print(int(x), round(x), math.floor(x), math.ceil(x), math.trunc(x), round(x, -1), float(x), complex(x), bool(x))
print([float(Decimal(t)) for t in ("0.1", "1e400", "-1e-400", "123456789.123456789123456789", "1e22", "1e23", "9007199254740993", "-0")])
print(isinstance(d, numbers.Number), isinstance(d, numbers.Real), issubclass(Decimal, numbers.Number), d.real, d.imag, d.radix())
print([(str(Decimal(t)), Decimal(t).to_eng_string()) for t in ("1e3", "1e-7", "0e4", "0e-8", "12.3E+7", "-1E+9", "123e-9", "0.000001", "NaN1")])
print(hasattr(d, "__dict__"), [name for name in dir(Decimal) if name.startswith("to_")], Decimal.__doc__.split("\n")[0])
match Decimal(5):
    case Decimal(real=r):
        print("matched", r)
print(sum([Decimal("0.1")] * 10), math.prod([Decimal("1.1")] * 3), Decimal("0.1") * 3 == Decimal("0.3"), divmod(Decimal("-7.5"), 2))
