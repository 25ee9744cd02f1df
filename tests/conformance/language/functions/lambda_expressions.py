print((lambda: 1)(), (lambda x, y=2, *a, z, **k: (x, y, a, z, k))(1, 5, 6, z=7, w=8))
fs = [lambda i=i: i * i for i in range(4)]
print([f() for f in fs])
late = [lambda: i for i in range(4)]
print([f() for f in late])
print((lambda: 1).__name__, sorted([3, 1, 2], key=lambda v: -v))
compose = lambda f, g: lambda x: f(g(x))
print(compose(lambda x: x + 1, lambda x: x * 10)(4))
