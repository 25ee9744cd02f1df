from _best import best


def run(n):
    total = 0
    for i in range(n):
        if i % 3 == 0:
            total += i
        else:
            total -= 1
    return total


best("range_loop", run, 1_000_000)
