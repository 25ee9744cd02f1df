"""Several threads change the same dicts: own keys keep their values, shared keys have one winner."""

from _torture import THREADS, Token, main

shared = {}
mine = [{} for _ in range(THREADS)]
churn = {i: Token(i) for i in range(64)}
won = [[] for _ in range(THREADS)]
NEXT = [0]


def own_key(rng, me):
    key = (me, rng.randrange(500))
    token = Token(rng.randrange(10 ** 6))
    shared[key] = token
    mine[me][key] = token


def read_back(rng, me):
    key = (me, rng.randrange(500))
    want = mine[me].get(key)
    got = shared.get(key)
    assert got is want, f"{key} was lost"
    if want is not None:
        shared[key].check()
        assert key in shared


def remove(rng, me):
    key = (me, rng.randrange(500))
    want = mine[me].pop(key, None)
    assert shared.pop(key, None) is want


def others(rng, me):
    key = (rng.randrange(THREADS), rng.randrange(500))
    token = shared.get(key)
    if token is not None:
        token.check()


def iterate(rng, me):
    try:
        for number, (key, token) in enumerate(shared.items()):
            assert type(key) is tuple
            token.check()
            if number > 100:
                break
    except RuntimeError as error:
        assert "changed" in str(error), error


def copies(rng, me):
    for token in dict(churn).values():
        token.check()
    for token in list(churn.values()):
        token.check()


def churn_keys(rng, me):
    kind = rng.randrange(6)
    key = rng.randrange(256)
    if kind == 0:
        churn[key] = Token(key)
    elif kind == 1:
        churn.pop(key, None)
    elif kind == 2:
        churn.setdefault(key, Token(key))
    elif kind == 3:
        churn.update({k: Token(k) for k in range(key, key + 8)})
    elif kind == 4:
        try:
            k, token = churn.popitem()
            assert token.a == k
        except KeyError:
            pass
    elif len(churn) > 200:
        churn.clear()
    token = churn.get(key)
    assert token is None or token.a == key


def one_winner(rng, me):
    NEXT[0] += 1
    key = ("once", NEXT[0] % 100000)
    token = Token(me)
    if shared.setdefault(key, token) is token:
        won[me].append(key)


def check():
    for number, own in enumerate(mine):
        for key, token in own.items():
            assert shared[key] is token
    keys = [key for each in won for key in each]
    assert len(keys) == len(set(keys)), "setdefault had two winners"
    assert sum(type(key[0]) is int for key in shared) == sum(map(len, mine))
    assert len(shared) == len(list(shared)) == sum(1 for _ in shared.items())


main([own_key, own_key, read_back, read_back, remove, others, iterate, copies, churn_keys, churn_keys, one_winner], check)
