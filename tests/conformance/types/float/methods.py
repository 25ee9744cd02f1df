print((1.5).as_integer_ratio(), (0.1).as_integer_ratio(), (2.0).is_integer(), (2.5).is_integer(), (1.5).hex(), (0.1).hex(), (-0.0).hex(), float("inf").hex(), (5e-324).hex())
print(float.fromhex("0x1.8p1"), float.fromhex("1.8"), float.fromhex("-0x1p-1074"), float.fromhex("inf"), float.fromhex(" 0xA "))
print(round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(1234.5678, -2), round(1e300, 2), round(0.5), round(1.5), round(2.5, 0), type(round(2.5)).__name__)
print((3.7).__trunc__(), (3.7).__floor__(), (-3.2).__floor__(), (3.2).__ceil__(), (1.5).conjugate(), (1.5).real, (1.5).imag, int(-3.7))
print(float.from_number(5), float.__getformat__("double"), (1.5).__eq__(1.5), (1.5).__add__("x"), abs(-1.5), -(-1.5), +1.5, bool(0.0), bool(1e-300))
for action in (lambda: float("inf").as_integer_ratio(), lambda: float("nan").as_integer_ratio(), lambda: round(float("nan")), lambda: round(float("inf")),
               lambda: float.fromhex("xyz"), lambda: float.fromhex("0x1p99999"), lambda: round(1.5, "x"), lambda: round(1.5, 1.0), lambda: float.from_number("5")):
    try:
        print(action())
    except (OverflowError, ValueError, TypeError) as error:
        print(type(error).__name__, error)
