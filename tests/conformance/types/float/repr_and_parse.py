values = [
    0.0, -0.0, 1.0, 0.1, 1 / 3, 1e15, 1e16, 1e17, 123456789012345680.0, 1e22, 1e23, 1.5e300, 1e-4, 1e-5,
    0.0001234, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308, 100.0, 12345.678, 9007199254740993.0,
    float("inf"), float("-inf"), float("nan"), 3.14, 1e100, 0.5, 2.5e-8,
]
for v in values:
    print(repr(v), str(v), float(repr(v)) == v)
for text in (
    " 1.5 ", "1e3", "-1E-2", ".5", "5.", "+3", "inf", "-Infinity", "nan", "+NaN", "1_000.5",
    "0x10" if False else "10", "1e400", "-1e-400", "٣.٥",
):
    print(repr(text), float(text))
for bad in (
    "", "x", "1e", "1..5", "1_", "_1", "1e5.5", "--1", "0x1p3", "1 2", "infin", None, [], "1\0", b"\xff",
    "nan(1)",
):
    try:
        print(float(bad))
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)
print(float(), float(b"1.5"), float(True), float(10 ** 20))
