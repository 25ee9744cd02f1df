from _best import best


def numbers(n):
    for i in range(n):
        yield i


def run(n):
    total = 0
    for x in numbers(n):
        total += x
    return total


best("generators", run, 500_000)
