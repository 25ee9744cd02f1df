from _best import best

step = 1
total = 0


def run(n):
    global total
    total = 0
    for i in range(n):
        total += step + len("ab")
    return total


best("global_access", run, 400_000)
