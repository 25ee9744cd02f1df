from _best import best


def run(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return len(str(a * b % 10 ** 500))


best("big_ints", run, 10_000)
