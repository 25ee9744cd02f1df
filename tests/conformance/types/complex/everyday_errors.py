z = 3 + 4j
for action in (
    lambda: z < 1, lambda: z // 2, lambda: z % 2, lambda: int(z), lambda: float(z), lambda: complex("1+2"),
    lambda: complex("x"), lambda: 1j / 0, lambda: 0j ** -1, lambda: complex("1", 2), lambda: complex([]),
    lambda: divmod(z, 1), lambda: format(z, "05"), lambda: format(z, "d"), lambda: pow(z, 2, 3),
    lambda: z > 1j, lambda: complex(1, "2"),
):
    try:
        print(action())
    except (TypeError, ValueError, ZeroDivisionError) as error:
        print(type(error).__name__, error)
