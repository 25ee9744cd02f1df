print(0.1 + 0.2, 1e16 + 1, 3.0 * 2, 7.5 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, 7.5 % -2, divmod(7.5, 2), divmod(-7.5, 2))
print(2.0 ** 0.5, 2.0 ** -2, (-8.0) ** 2, (-8) ** (1 / 3), 0.0 ** 0, 1e308 * 10, -1e308 * 10, 1e-320, 5e-324 / 2)
print(1.0 == 1, 0.1 + 0.2 == 0.3, 1e300 < 10 ** 301, float("inf") > 10 ** 400, -0.0 == 0.0, 1.5 + True, 2 * 0.5, 10 - 0.5, 1 / 3.0)
inf, nan = float("inf"), float("nan")
print(inf - inf, inf * 0, inf + 1, -inf, nan == nan, nan < 1, inf // 1, 5 % inf, -5 % inf, inf == inf + 1, 1 / inf, 1 / -inf, nan ** 0, 1 ** nan)
for action in (lambda: 1.0 / 0, lambda: 1.0 // 0, lambda: 1.0 % 0, lambda: 0.0 ** -1, lambda: 10.0 ** 400, lambda: 1.0 + "x", lambda: divmod(1.0, 0), lambda: 1.5 << 1,
               lambda: 1.0[0], lambda: [1][1.0], lambda: range(1.0), lambda: "a" * 2.0):
    try:
        print(action())
    except (ZeroDivisionError, OverflowError, TypeError) as error:
        print(type(error).__name__, error)
