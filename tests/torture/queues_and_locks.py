"""Locks, conditions, events and queues under load: no item is lost, no thread hangs."""

import collections
import queue
import threading

from _torture import THREADS, Token, main

lock, rlock, condition = threading.Lock(), threading.RLock(), threading.Condition()
semaphore = threading.Semaphore(2)
counter = [0]
bumped = [0] * THREADS
q = queue.Queue()
put = [0] * THREADS
got = [[] for _ in range(THREADS)]
d = collections.deque()
inside = [0]
local = threading.local()


def bump(rng, me):
    with lock:
        counter[0] += 1
    bumped[me] += 1


def nested(rng, me):
    with rlock:
        with rlock:
            counter_before = counter[0]
            assert counter[0] >= counter_before


def put_item(rng, me):
    q.put(Token(put[me] * THREADS + me))
    put[me] += 1


def get_item(rng, me):
    try:
        token = q.get_nowait()
    except queue.Empty:
        return
    token.check()
    got[me].append(token.a)


def limited(rng, me):
    with semaphore:
        with condition:
            inside[0] += 1
        assert inside[0] <= 2
        with condition:
            inside[0] -= 1
            condition.notify_all()


def wait_a_little(rng, me):
    if rng.random() < 0.02:
        with condition:
            condition.wait(0.001)


def deques(rng, me):
    d.append(Token(me))
    d.appendleft(Token(me))
    try:
        d.pop().check()
        d.popleft().check()
    except IndexError:
        pass


def thread_local(rng, me):
    if rng.random() < 0.5:
        local.value = me
    assert getattr(local, "value", me) == me


def short_thread(rng, me):
    if rng.random() < 0.05:
        out = []
        t = threading.Thread(target=lambda: out.append(Token(me)))
        t.start()
        t.join()
        out[0].check()


def check():
    assert counter[0] == sum(bumped), f"{sum(bumped)} increments, {counter[0]} counted"
    while not q.empty():
        got[0].append(q.get().a)
    every = [n for mine in got for n in mine]
    assert len(every) == len(set(every)) == sum(put)
    assert inside[0] == 0


main([bump, bump, nested, put_item, put_item, get_item, get_item, limited, wait_a_little, deques, thread_local, short_thread], check)
