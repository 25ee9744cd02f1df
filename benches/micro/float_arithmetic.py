from _best import best


def run(n):
    x, y, v = 0.0, 1.0, 0.5
    for _ in range(n):
        x = x * 0.99 + v * 0.01
        y = y - x * 0.001
        v = (x + y) / 2.0
    return x


best("float_arithmetic", run, 400_000)
