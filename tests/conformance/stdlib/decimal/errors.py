# What goes wrong is told in CPython's words.
from decimal import *
from fractions import Fraction


def show(call, *args, **names):
    try:
        print(repr(call(*args, **names)))
    except Exception as error:
        print(type(error).__name__, error, error.args == (str(error),) or error.args)


d, c = Decimal("1.5"), Context()
show(d.exp, 1, 2)
show(d.exp, context=1)
show(d.exp, foo=1)
show(d.compare)
show(d.compare, 1, 2, 3)
show(d.compare, 1, other=2)
show(d.compare, "1")
show(d.compare, 1.5)
show(d.quantize, Decimal("0.1"), "up")
show(d.fma, 1)
show(c.add, 1)
show(c.add, 1, 2, 3)
show(c.add, 1, "2")
show(c.abs)
show(c.canonical, 1)
show(c.is_canonical, 1)
show(c.power, 1)
show(c.power, a=2, b=3, modulo=5)
show(c.power, 2, 3, "5")
show(c.create_decimal, 1, 2)
show(c.copy, 1)
show(Decimal, 1, 2, 3)
show(Decimal, value=1, foo=2)
show(Decimal, 1, context=3)
show(Context, 1, 2)
show(Context, *range(9))
show(Context, traps=[1])
show(d.__round__, 1.5)
show(d.__round__, None)
show(d.__format__)
show(d.__format__, 1)
show(setattr, d, "real", 1)
show(setattr, d, "x", 1)
show(setattr, Decimal, "x", 1)
for a, b in ((1, 0), (0, 0), ("inf", "inf"), ("snan5", 1), ("1e999999", "1e-9")):
    a, b = Decimal(a), Decimal(b)
    for name in ("__add__", "__sub__", "__mul__", "__truediv__", "__floordiv__", "__mod__", "__divmod__", "__pow__"):
        show(getattr(a, name), b)
show(lambda: d + 1.5)
show(lambda: "a" + d)
show(lambda: d < "a")
show(lambda: d + Fraction(1, 2))
show(lambda: Decimal("nan") < 1)
show(lambda: Decimal("snan") == 1)
show(pow, d, 2, 3)
show(pow, Decimal(0), 0)
show(Decimal(-1).sqrt)
show(Decimal(-1).ln)
show(Decimal(0).logb)
show(Decimal(12).logical_and, 1)
show(Decimal(1).shift, 99)
show(Decimal(1).quantize, Decimal("1e-30"))
for number in ("nan", "-nan", "snan", "inf", "-inf"):
    number = Decimal(number)
    for convert in (int, float, complex, round, hash, bool, Decimal.as_integer_ratio, Decimal.__ceil__, Decimal.__floor__):
        if convert is not hash or not number.is_qnan():
            show(convert, number)
with localcontext(traps=[Inexact, Rounded, Clamped, Subnormal, Underflow, Overflow, FloatOperation]):
    show(lambda: Decimal(1) / 3)
    show(lambda: Decimal("1e999999") * 10)
    show(lambda: Decimal("1e-999999") / 10**20)
    show(lambda: Decimal("1e-999999") / Decimal(10) ** 60)
    show(lambda: Decimal(1) < 1.5)
    show(lambda: Decimal(1) == 1.5)
for name in ("DecimalException Clamped InvalidOperation DivisionByZero FloatOperation Inexact Rounded Subnormal Overflow "
             "Underflow").split():
    print([base.__name__ for base in globals()[name].__mro__])
