from _best import best


def run(n):
    items = list(range(1000))
    total = 0
    for k in range(n):
        for i in range(0, 1000, 2):
            total += items[i]
            items[i + 1] = k
    return total


best("list_indexing", run, 500)
