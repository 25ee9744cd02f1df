from _best import best


def kind(x):
    match x:
        case 0:
            return 1
        case {"k": v}:
            return v
        case [a, b]:
            return a + b
        case str():
            return 3
        case _:
            return 4


def run(n):
    values = [0, {"k": 2}, [1, 2], "s", 5.5]
    total = 0
    for _ in range(n):
        for v in values:
            total += kind(v)
    return total


best("match_statement", run, 40_000)
