# Every function at infinities, zeros and not-a-numbers, and where results overflow.
import cmath
import math

NAMES = ["acos", "acosh", "asin", "asinh", "atan", "atanh", "cos", "cosh", "exp", "log", "log10", "sin", "sinh", "sqrt",
         "tan", "tanh", "phase", "polar"]
SPECIAL = [-math.inf, -1e308, -1.5, -0.0, 0.0, 1.0, 1e308, math.inf, math.nan]


def shown(call, *args):
    try:
        result = call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    parts = (result.real, result.imag) if isinstance(result, complex) else result
    parts = parts if isinstance(parts, tuple) else (parts,)
    return " ".join(f"{part:.12g}" for part in parts)


for name in NAMES:
    function = getattr(cmath, name)
    for real in SPECIAL:
        for imag in SPECIAL:
            print(name, real, imag, shown(function, complex(real, imag)))
for r in SPECIAL:
    for phi in SPECIAL:
        print("rect", r, phi, shown(cmath.rect, r, phi))
for name in NAMES:
    function = getattr(cmath, name)
    for z in (1, 2.5, -3, 0.5 + 0.25j, -2 + 1e-320j, 1 + 1e-200j, 1e-310 + 1e-310j, 710 + 1j, -711j, 0.9 - 0.3j, 3e200 - 4e200j):
        print(name, z, shown(function, z))
