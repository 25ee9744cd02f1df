from _best import best


def f(a, b=1, *, c=2, d=3):
    return a + b + c + d


def run(n):
    total = 0
    for i in range(n):
        total += f(i, c=1) + f(a=i, b=2, d=5)
    return total


best("keyword_calls", run, 200_000)
