print(7 // 2, -7 // 2, 7 // -2, 7 % 3, -7 % 3, 7 % -3, divmod(-7, 2), divmod(7, -2), 7 / 2, 6 / 3)
print(2 ** 10, 2 ** -1, (-2) ** 3, 0 ** 0, pow(3, 200, 13), pow(3, -1, 7), pow(2, 0, 1))
print(10 ** 30 // 7, -(10 ** 30) // 7, 10 ** 30 % 7, -(10 ** 30) % 7, divmod(10 ** 40, -(10 ** 20) + 1))
print(1 << 100, (1 << 100) >> 98, -1 >> 10, -5 >> 1, 5 & -2, 5 | -8, 5 ^ -1, ~0, ~(1 << 70))
print(2 ** 63 - 1 + 1, -(2 ** 63) - 1, (2 ** 62) * 2, (2 ** 31) * (2 ** 32), 3 ** 40 * 7 ** 30)
print(10 ** 25 / 10 ** 24, 1 / 3, 2 ** 1000 / 2 ** 999, (2 ** 53 + 1) / 1, True + True, 5 - True, -True, +True)
for action in (lambda: 1 / 0, lambda: 1 // 0, lambda: 1 % 0, lambda: divmod(1, 0), lambda: 0 ** -1, lambda: pow(2, -1, 4), lambda: pow(1, 2, 0),
               lambda: 1 << -1, lambda: 1 >> -1, lambda: 1 + "a", lambda: "a" * 1.5, lambda: 2 ** 10000 / 1, lambda: 1 & 1.0, lambda: pow(2.0, 1, 3),
               lambda: 1 % "a", lambda: -"a", lambda: ~1.5):
    try:
        print(action())
    except (ZeroDivisionError, ValueError, TypeError, OverflowError) as error:
        print(type(error).__name__, error)
