def f(x, w):
    return f'{x}', f'a{x!r:>{w}}b{x=}' 'c', t'{x!s:5} {w}'
