from _best import best


def adder(k):
    total = 0

    def add(x):
        nonlocal total
        total += x * k
        return total
    return add


def run(n):
    add = adder(3)
    for i in range(n):
        add(i)
    return add(0)


best("closures", run, 400_000)
