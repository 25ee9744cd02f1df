import math
for action in (
    lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.log(-1), lambda: math.factorial(-1),
    lambda: math.factorial(1.5), lambda: math.acos(2), lambda: math.exp(1000), lambda: math.pow(0, -1),
    lambda: math.sqrt("x"), lambda: math.isqrt(-1), lambda: math.gcd(1.5), lambda: math.floor("x"),
    lambda: math.floor(math.nan), lambda: math.fmod(1, 0), lambda: math.comb(-1, 2), lambda: math.sin(),
    lambda: math.sin(math.inf), lambda: math.gamma(-1), lambda: math.log(10, 1),
    lambda: math.ldexp(1, 10 ** 10), lambda: math.dist([1], [1, 2]), lambda: math.atanh(1),
    lambda: math.log1p(-1), lambda: math.hypot("a"),
):
    try:
        print(action())
    except (ValueError, TypeError, OverflowError, ZeroDivisionError) as error:
        print(type(error).__name__, error)
