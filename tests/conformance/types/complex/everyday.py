z = 3 + 4j
print(z, abs(z), z.real, z.imag, z.conjugate(), -z, z * 2, z * 1j, z / 2, z ** 2, z - 1, 1 - z, z == 3 + 4j)
print(z != 3)
print(complex(), complex(1), complex(1, 2), complex("1+2j"), complex(" -3.5j "), complex("1e3-2.5e-1j"))
print(complex("j"), complex("(1+2j)"), complex("nan+infj"), complex(1j, 1j))
print(repr(0j), repr(-0j), repr(complex(-0.0, 1)), repr(complex(1, -0.0)))
print(repr(complex(float("inf"), float("nan"))), str(1e20 + 1e-20j), (1 + 0j) == 1, hash(1 + 0j) == hash(1))
print(f"{z:.2f}", f"{z:>15}", f"{z:g}", f"{1.5+2.25j:.1e}", f"{z:+}", z.__eq__(3), bool(0j), bool(1e-9j))
