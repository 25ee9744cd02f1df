# Decimal() takes strings, ints, floats, tuples and lists exactly, and says why it does not take others.
from decimal import Context, Decimal, FloatOperation, getcontext, localcontext


def show(make, *args):
    try:
        print(args, repr(make(*args)))
    except Exception as error:
        print(args, type(error).__name__, error)


for value in ("1.50", "-0", "  12_3.4_5 \n", "1e5", "+.5E-3", "1E+999999999999999999", "1e9999999999999999999", "inf",
              "-Infinity", "nan", "sNaN123", "NaN0012", "", "1.2.3", "1e", "٣.٤", "１２", "1\0", "0x10", "--1", "1 2",
              5, -7, True, 10**40, -(10**25), 0.1, -0.0, float("inf"), float("-nan"), 2**-1074, None, 2j, b"1", object,
              (0, (1, 2), -1), [1, [0, 0, 3], 4], (1, (), 0), (0, (), "n"), (1, (9, 9), "N"), (0, (7,), "F"), (0, 1, 0),
              (1, 2), (2, (1,), 0), (0, (1,), "x"), (0, (10,), 1), (0, (1,), 1.5), (0, ("1",), 0), (0.0, (1,), 0)):
    show(Decimal, value)
show(Decimal)
for value in ("1.23456", " 1", "1_0", 123456, 0.125, (0, (1, 2, 3, 4, 5, 6), -2), "NaN12345", "1e99", "1e-99", None):
    show(Context(prec=4, Emax=50, Emin=-50).create_decimal, value)
show(Context().create_decimal)
for value in (1.5, 3, "1", 2j, Decimal(2)):
    show(Decimal.from_float, value)
    show(Decimal.from_number, value)
    show(Context(prec=2).create_decimal_from_float, value)
with localcontext() as context:
    context.traps[FloatOperation] = True
    for make in (Decimal, Decimal.from_float, Decimal.from_number, context.create_decimal):
        show(make, 0.5)
print(getcontext().flags[FloatOperation])
