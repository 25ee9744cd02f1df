from _best import best


class P:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y


def run(n):
    total = 0
    for i in range(n):
        p = P(i, 1)
        total += p.x - p.y
    return total


best("slots_objects", run, 250_000)
