def f(a, b, c):
    x = a and b or c
    y = a if b < c < 10 else 0
    if a in (1, 2) and b is not c:
        return x
    return not y
