from _best import best


def run(n):
    total = 0
    i = 0
    while i < n:
        total += i & 7
        i += 1
    return total


best("int_loop", run, 1_000_000)
