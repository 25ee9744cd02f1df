"""Several threads change the same sets."""

from _torture import THREADS, main

shared = set()
mine = [set() for _ in range(THREADS)]
churn = set(range(100))


def add(rng, me):
    key = (me, rng.randrange(500))
    shared.add(key)
    mine[me].add(key)
    assert key in shared


def discard(rng, me):
    key = (me, rng.randrange(500))
    shared.discard(key)
    mine[me].discard(key)
    assert key not in shared


def look(rng, me):
    key = (me, rng.randrange(500))
    assert (key in shared) == (key in mine[me]), f"{key} was lost"


def iterate(rng, me):
    try:
        for number, key in enumerate(shared):
            assert type(key) is tuple and len(key) == 2
            if number > 100:
                break
    except RuntimeError as error:
        assert "changed" in str(error), error


def algebra(rng, me):
    for value in churn | {1, 2}:
        assert type(value) is int
    for value in churn & frozenset(range(50)):
        assert value < 50
    churn.update(range(rng.randrange(100)))
    churn.difference_update([rng.randrange(100)])
    churn.copy().clear()
    if rng.random() < 0.05:
        churn.clear()
    try:
        assert type(churn.pop()) is int
    except KeyError:
        pass


def check():
    assert shared == set().union(*mine), "the shared set is not the sum of its parts"
    assert len(shared) == sum(map(len, mine))


main([add, add, discard, look, look, iterate, algebra], check)
