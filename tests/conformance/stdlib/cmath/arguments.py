# What the functions take, and the ones that answer questions.
import cmath


class Complex:
    def __init__(self, value):
        self.value = value

    def __complex__(self):
        return self.value


class Real:
    def __float__(self):
        return 4.0


class Index:
    def __index__(self):
        return 9


def attempt(call, *args, **kwargs):
    try:
        print(call(*args, **kwargs))
    except Exception as error:
        print(type(error).__name__, error)


print(cmath.pi, cmath.e, cmath.tau, cmath.inf, cmath.nan, cmath.infj, cmath.nanj)
for value in (Complex(3 + 4j), Complex(3), Real(), Index(), "1", None, [], True, 10**400):
    attempt(cmath.sqrt, value)
attempt(cmath.sqrt)
attempt(cmath.sqrt, 1, 2)
attempt(cmath.log, 0)
attempt(cmath.log, 8, 2)
attempt(cmath.log, 8, 1)
attempt(cmath.log, 8, 0)
attempt(cmath.log10, 0j)
attempt(cmath.rect, 1, "x")
attempt(cmath.rect, 2, 0)
attempt(cmath.polar, 3 - 4j)
attempt(cmath.polar, complex(1.7e308, 1.7e308))
attempt(cmath.phase, -1)
attempt(cmath.phase, complex(-1, -0.0))
for z in (1 + 1j, complex("inf"), complex("nan"), complex(0, float("inf"))):
    print(cmath.isfinite(z), cmath.isinf(z), cmath.isnan(z))
print(cmath.isclose(1, 1 + 1e-10j), cmath.isclose(1, 1.1), cmath.isclose(1, 1.1, rel_tol=0.2), cmath.isclose(0, 1e-12, abs_tol=1e-9))
print(cmath.isclose(cmath.inf, cmath.inf), cmath.isclose(cmath.inf, 1e308), cmath.isclose(cmath.nan, cmath.nan))
attempt(cmath.isclose, 1, 1, rel_tol=-1)
attempt(cmath.isclose, 1, 1, 1)
