from decimal import Decimal, getcontext, localcontext, ROUND_HALF_UP, InvalidOperation, DivisionByZero
from fractions import Fraction
print(Decimal("0.1") + Decimal("0.2"), Decimal(1) / 3, Decimal("1.10") * 2, Decimal("1e3"))
print(repr(Decimal("1.50")), Decimal(0.1), Decimal("2").sqrt())
print(Decimal("1.255").quantize(Decimal("0.01"), ROUND_HALF_UP), Decimal("-1.5").to_integral_value())
print(Decimal("NaN"), Decimal("1") == 1, hash(Decimal("1.5")) == hash(1.5), f"{Decimal('1234.5'):,.2f}")
print(Decimal("123").as_tuple(), int(Decimal("7.9")), Decimal(7) // 2, Decimal(-7) % 3)
with localcontext() as ctx:
    ctx.prec = 5
    print(Decimal(1) / 7)
print(getcontext().prec, Fraction(1, 3) + Fraction(1, 6), Fraction("0.25"), Fraction(1.5))
print(repr(Fraction(6, 4)), Fraction(7, 3) // 1, round(Fraction(7, 3)), Fraction(3, 2) ** 2)
print(Fraction(1, 2) == 0.5, float(Fraction(1, 3)), Fraction(0.1).limit_denominator(100))
print(Fraction(5).numerator, Fraction(1, 2) < Fraction(2, 3), f"{Fraction(1, 3):.3f}")
