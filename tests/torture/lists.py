"""Several threads change the same lists: what each put in is still there or was taken out exactly once."""

from _torture import THREADS, Token, main

shared = [Token(-1 - i) for i in range(50)]
mixed = list(range(100))
added = [0] * THREADS
taken = [[] for _ in range(THREADS)]
serial = [n * 10 ** 9 for n in range(THREADS)]


def append(rng, me):
    serial[me] += 1
    shared.append(Token(serial[me]))
    added[me] += 1


def extend(rng, me):
    n = rng.randrange(5)
    new = []
    for _ in range(n):
        serial[me] += 1
        new.append(Token(serial[me]))
    shared.extend(new)
    added[me] += n


def insert(rng, me):
    serial[me] += 1
    shared.insert(rng.randrange(len(shared) + 1), Token(serial[me]))
    added[me] += 1


def pop(rng, me):
    try:
        token = shared.pop() if rng.random() < 0.5 else shared.pop(0)
    except IndexError:
        return
    token.check()
    taken[me].append(token)


def read(rng, me):
    for token in shared[:20]:
        token.check()
    for number, token in enumerate(shared):
        token.check()
        if number > 30:
            break
    try:
        shared[rng.randrange(60)].check()
        shared[-1].check()
    except IndexError:
        pass


def shuffle_mixed(rng, me):
    kind = rng.randrange(8)
    try:
        if kind == 0:
            mixed.reverse()
        elif kind == 1:
            mixed.sort()
        elif kind == 2:
            i = rng.randrange(100)
            mixed[i:i + 10] = [rng.randrange(100) for _ in range(10)]
        elif kind == 3:
            mixed[rng.randrange(50)] = rng.randrange(100)
        elif kind == 4:
            del mixed[rng.randrange(50)]
        elif kind == 5:
            mixed.extend(range(rng.randrange(5)))
        elif kind == 6:
            mixed[::2] = mixed[::2]
        else:
            mixed.clear() if len(mixed) > 300 else mixed.extend(range(20))
    except (IndexError, ValueError):
        pass
    for value in mixed:
        assert type(value) is int and 0 <= value < 100, value


def trim(rng, me):
    if len(shared) > 2000:
        for _ in range(500):
            pop(rng, me)


def check():
    rest = list(shared)
    for token in rest:
        token.check()
    out = [token.a for mine in taken for token in mine]
    every = out + [token.a for token in rest]
    assert len(every) == len(set(every)), "a token was there twice"
    assert len(every) == 50 + sum(added), f"{50 + sum(added)} went in, {len(every)} are left or came out"


main([append, extend, insert, pop, pop, pop, read, shuffle_mixed, trim], check)
