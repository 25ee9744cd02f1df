from _best import best


def f(*args, **kwargs):
    return len(args) + len(kwargs)


def run(n):
    args, kwargs = (1, 2), {"x": 1}
    total = 0
    for _ in range(n):
        total += f(*args, **kwargs) + f(1, 2, 3)
    return total


best("star_calls", run, 150_000)
