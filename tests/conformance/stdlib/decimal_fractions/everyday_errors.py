from decimal import Decimal, getcontext, localcontext, ROUND_HALF_UP, InvalidOperation, DivisionByZero
from fractions import Fraction
for action in (
    lambda: Decimal("x"), lambda: Decimal(1) / 0, lambda: Decimal(1) + 1.5, lambda: Fraction(1, 0),
    lambda: Fraction("x"), lambda: Fraction(1.5, 2), lambda: Decimal("sNaN") + 1, lambda: Decimal(0) / 0,
):
    try:
        print(action())
    except (InvalidOperation, DivisionByZero, TypeError, ZeroDivisionError, ValueError) as error:
        print(type(error).__name__, error)
