from _best import best


def run(n):
    d = {}
    for i in range(n):
        key = i % 1000
        d[key] = d.get(key, 0) + 1
        if key in d:
            d[key] += 1
    return sum(d.values())


best("dict_operations", run, 250_000)
