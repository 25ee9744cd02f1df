def f(o, args, kw):
    o.m(1, x=2)
    g(1, *args, 2, k=3, **kw)
    g(*args)
    o.a.b(o)(args)
    return g(**kw)
