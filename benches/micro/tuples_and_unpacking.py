from _best import best


def run(n):
    a, b, c = 1, 2, 3
    for _ in range(n):
        a, b, c = b, c, a
        t = (a, b, c)
        x, y, z = t
    return x


best("tuples_and_unpacking", run, 600_000)
