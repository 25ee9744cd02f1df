def f(a, b, xs):
    a, b = b, a
    a, b = b, a + b
    first, *rest = xs
    (p, q), xs[0] = rest
    a.x = b = xs[1:2] = first
    return p, q
