from _best import best


def run(n):
    seen = set()
    for i in range(n):
        x = i * 7919 % 5003
        if x not in seen:
            seen.add(x)
        elif x & 1:
            seen.discard(x)
    return len(seen & set(range(2500)))


best("set_operations", run, 300_000)
