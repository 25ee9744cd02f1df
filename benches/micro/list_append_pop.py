from _best import best


def run(n):
    for _ in range(n):
        items = []
        for i in range(1000):
            items.append(i)
        while items:
            items.pop()


best("list_append_pop", run, 150)
