print(abs(-5), abs(-5.5), abs(3 + 4j), abs(True), divmod(17, 5), divmod(-17, 5), divmod(17.5, 5), pow(2, 10), pow(2, 10, 1000), pow(2, -2), pow(5, -1, 7), pow(base=2, exp=3), round(2.567, 1), round(2.5), round(25, -1), round(number=1.25, ndigits=1))
for action in (lambda: abs("x"), lambda: abs(), lambda: divmod(1, "x"), lambda: divmod(1), lambda: pow(1), lambda: pow("a", 2), lambda: pow(2, 3, 0), lambda: pow(2, 2.5, 3), lambda: round("x"), lambda: round(), lambda: round(1, "a"), lambda: pow(2, -1, 4)):
    try:
        print(action())
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
