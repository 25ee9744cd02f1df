from _best import best


class P:
    def __init__(self):
        self.x, self.y, self.z = 1, 2, 3


def run(n):
    p = P()
    total = 0
    for _ in range(n):
        total += p.x + p.y + p.z
    return total


best("attribute_read", run, 400_000)
