# cmath: values, branch cuts, infinities and NaNs, errors.
import cmath


def shown(z):
    if isinstance(z, complex):
        return f"({z.real:.12g} {z.imag:.12g})"
    if isinstance(z, tuple):
        return " ".join(shown(part) for part in z)
    return f"{z:.12g}" if isinstance(z, float) else repr(z)


NAMES = "acos acosh asin asinh atan atanh cos cosh exp log log10 phase polar sin sinh sqrt tan tanh isfinite isinf isnan"
inf, nan = float("inf"), float("nan")
parts = [-inf, -2.5, -0.0, 0.0, 0.75, inf, nan]
for name in NAMES.split():
    function = getattr(cmath, name)
    for real in parts:
        row = []
        for imag in parts:
            try:
                row.append(shown(function(complex(real, imag))))
            except (ValueError, OverflowError) as error:
                row.append(str(error))
        print(name, real, "|", ", ".join(row))
for r in parts:
    for phi in (-inf, -0.0, 0.0, 1.0, inf, nan):
        try:
            print(r, phi, shown(cmath.rect(r, phi)))
        except ValueError as error:
            print(r, phi, error)
for z in (1e308 + 1e308j, 1e-310 + 1e-310j, 1 + 1e-160j, -1e200 + 1j, 710 + 1j, 1.0 + 0j, 0.9 + 0.3j):
    for name in NAMES.split()[:-3]:
        try:
            print(name, z, shown(getattr(cmath, name)(z)))
        except (ValueError, OverflowError) as error:
            print(name, z, error)


class Like:
    def __complex__(self):
        return 3 + 4j


class Float:
    def __float__(self):
        return 2.0


print(cmath.polar(Like()), cmath.sqrt(Float()), cmath.sqrt(True), cmath.log(8, 2), shown(cmath.log(1j, -1)))
print(cmath.isclose(1, 1 + 1e-10j), cmath.isclose(1, 1.1), cmath.isclose(inf, inf), cmath.isclose(1j, 1.05j, abs_tol=0.1))
print(cmath.pi, cmath.e, cmath.tau, cmath.inf, cmath.nan, cmath.infj, cmath.nanj)
for action in (
    lambda: cmath.sqrt("1"), lambda: cmath.sqrt(), lambda: cmath.log(2, 0), lambda: cmath.log(2, 1),
    lambda: cmath.isclose(1, 2, rel_tol=-1), lambda: cmath.rect(1), lambda: cmath.exp(1e5),
):
    try:
        print(action())
    except (TypeError, ValueError, OverflowError) as error:
        print(type(error).__name__, error)
