# Decimals are compared with ints, floats, fractions and complex numbers by value, and hash as they do.
from decimal import *
from fractions import Fraction
import operator

values = [Decimal("0.5"), Decimal("0.50"), 0.5, Fraction(1, 2), Decimal(3), 3, 3.0, 3 + 0j, 3 + 1j, Decimal("-0"), 0, -0.0,
          Decimal("inf"), float("inf"), Decimal("nan"), float("nan"), Fraction(-1, 3), Decimal(10) ** 30, 10**30, 1e30, "3", None,
          Decimal("1e-30"), Fraction(1, 10**30), Decimal("1e999"), True]
for a in values:
    if isinstance(a, Decimal):
        for b in values:
            row = []
            for op in (operator.eq, operator.ne, operator.lt, operator.ge):
                for pair in ((a, b), (b, a)):
                    try:
                        row.append(str(op(*pair))[0])
                    except Exception as error:
                        row.append(type(error).__name__[:4])
            print(repr(a), repr(b), *row)
for text in ("0", "-0.0", "1", "-1", "1.5", "-2.5", "1e100", "123456789e-50", "-1e19", "3.14159265358979323846264338327950288419716939937510", "inf", "-inf",
             "2305843009213693951", "2305843009213693952", "1e-999999", "7e999999999999"):
    number = Decimal(text)
    print(text, hash(number), number.is_infinite() or abs(number.adjusted()) > 400 or hash(number) == hash(Fraction(number)))
print(len({Decimal("1.0"), 1, 1.0, Fraction(1), Decimal("1.00"), True}), {Decimal("2"): "a"}[2])
print(sorted([Decimal(3), 1.5, Fraction(5, 2), 2, Decimal("-1")]), max(Decimal("1.10"), Decimal("1.1")), min(3, Decimal("2.5")))
