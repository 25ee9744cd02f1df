from _best import best


class P:
    def __init__(self):
        self.x = self.y = 0


def run(n):
    p = P()
    for i in range(n):
        p.x = i
        p.y = p.x
    return p.y


best("attribute_write", run, 500_000)
