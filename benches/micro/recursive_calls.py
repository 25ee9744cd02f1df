from _best import best


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


best("recursive_calls", fib, 22)
