from _best import best


def run(n):
    total = 0
    for i in range(n):
        try:
            total += i
        except ValueError:
            total = 0
        finally:
            total -= 1
    return total


best("try_without_exception", run, 700_000)
