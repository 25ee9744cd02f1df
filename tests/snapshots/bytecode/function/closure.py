def outer(n):
    total = 0

    def add(k):
        nonlocal total
        total += k * n
        return total

    return add
