def f(n):
    got = yield n
    yield from got
    return (i * i for i in got if i)
