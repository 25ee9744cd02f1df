def f(xs, k):
    a = [x + k for x in xs if x for y in x]
    b = {x: y for x, y in xs}
    c = {lambda: x for x in xs}
    return sum(x for x in a), b, c


class C:
    z = 1
    w = [z for z in range(3)]
