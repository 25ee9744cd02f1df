from _best import best


def walk(depth):
    if depth:
        yield from walk(depth - 1)
        yield depth
        yield from walk(depth - 1)


best("yield_from", lambda: sum(walk(14)))
