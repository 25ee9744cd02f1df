from _best import best


def fail(i):
    if i & 1:
        raise ValueError(i)
    return i


def run(n):
    total = 0
    for i in range(n):
        try:
            total += fail(i)
        except ValueError:
            total -= 1
    return total


best("exceptions", run, 150_000)
