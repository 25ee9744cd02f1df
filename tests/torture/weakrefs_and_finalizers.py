"""Weak references, weak containers and finalizers while several threads drop and collect."""

import gc
import weakref

from _torture import THREADS, Token, main

made = [0] * THREADS
finalized = []
cache = weakref.WeakValueDictionary()
kept = [[] for _ in range(THREADS)]


class Finalized:
    def __init__(self, me):
        self.token = Token(me)
        made[me] += 1

    def __del__(self):
        self.token.check()
        finalized.append(1)


def drop(rng, me):
    Finalized(me)


def ring(rng, me):
    a, b = Finalized(me), Finalized(me)
    a.other, b.other = b, a


def keep(rng, me):
    kept[me].append(Finalized(me))
    if len(kept[me]) > 50:
        kept[me].clear()
    for o in kept[me]:
        o.token.check()


def weak(rng, me):
    token = Token(me)
    r = weakref.ref(token)
    assert r() is token
    r().check()
    del token
    alive = r()
    assert alive is None or alive.a == me


def weak_cache(rng, me):
    key = (me, rng.randrange(50))
    token = cache.get(key)
    if token is None:
        token = cache[key] = Token(key[1])
    token.check()
    assert token.a == key[1]


def check():
    for mine in kept:
        mine.clear()
    cache.clear()
    for _ in range(6):
        gc.collect()
    assert len(finalized) == sum(made), f"{sum(made)} made, {len(finalized)} finalized"


main([drop, ring, keep, weak, weak, weak_cache], check)
