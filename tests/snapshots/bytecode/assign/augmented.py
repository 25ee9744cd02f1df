def f(x, d, o):
    x += 1
    x -= y
    d[x] += 2
    d[1:x] *= 3
    o.a //= x
    global y
    y **= 2
