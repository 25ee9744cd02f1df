z = 3 + 4j
print(z, abs(z), z.real, z.imag, z.conjugate(), -z, z * 2, z * 1j, z / 2, z ** 2, z - 1, 1 - z, z == 3 + 4j, z != 3)
print(complex(), complex(1), complex(1, 2), complex("1+2j"), complex(" -3.5j "), complex("1e3-2.5e-1j"), complex("j"), complex("(1+2j)"), complex("nan+infj"), complex(1j, 1j))
print(repr(0j), repr(-0j), repr(complex(-0.0, 1)), repr(complex(1, -0.0)), repr(complex(float("inf"), float("nan"))), str(1e20 + 1e-20j), (1 + 0j) == 1, hash(1 + 0j) == hash(1))
print(f"{z:.2f}", f"{z:>15}", f"{z:g}", f"{1.5+2.25j:.1e}", f"{z:+}", z.__eq__(3), bool(0j), bool(1e-9j))
for action in (lambda: z < 1, lambda: z // 2, lambda: z % 2, lambda: int(z), lambda: float(z), lambda: complex("1+2"), lambda: complex("x"), lambda: 1j / 0, lambda: 0j ** -1, lambda: complex("1", 2),
               lambda: complex([]), lambda: divmod(z, 1), lambda: format(z, "05"), lambda: format(z, "d"), lambda: pow(z, 2, 3), lambda: z > 1j, lambda: complex(1, "2")):
    try:
        print(action())
    except (TypeError, ValueError, ZeroDivisionError) as error:
        print(type(error).__name__, error)
