from _best import best


def run(n):
    for _ in range(n):
        a = [x * 2 for x in range(1000) if x & 1]
        b = {x: x for x in range(300)}
        c = {x % 50 for x in range(300)}
        sum(x for x in a)
    return len(b) + len(c)


best("comprehensions", run, 200)
