"""Several threads import, compile and run code, and raise through deep stacks, while others collect."""

import importlib
import os
import sys

from _torture import Token, main

os.makedirs("mods", exist_ok=True)
for number in range(30):
    with open(f"mods/m{number}.py", "w") as f:
        f.write(f"import m{(number + 1) % 30}\nnumber = {number}\ndef f(x): return x + number\nstate = 'done'\n" if number % 2 else
                f"number = {number}\ndef f(x): return x + number\nclass C:\n    v = number\nstate = 'done'\n")
sys.path.insert(0, os.path.abspath("mods"))
importlib.invalidate_caches()


def do_import(rng, me):
    number = rng.randrange(30)
    try:
        module = importlib.import_module(f"m{number}")
    except KeyError as error:
        # Another thread took it out of sys.modules while it was being loaded.
        assert str(error.args[0]).startswith("m")
        return
    assert module.number == number and module.f(1) == number + 1


def forget(rng, me):
    if rng.random() < 0.1:
        sys.modules.pop(f"m{rng.randrange(0, 30, 2)}", None)


def compile_and_run(rng, me):
    k = rng.randrange(1000)
    space = {}
    exec(f"def f(a, b={k}):\n    def g():\n        return a + b\n    return g\nresult = [f(i)() for i in range(5)]", space)
    assert space["result"] == [i + k for i in range(5)]


def generators(rng, me):
    def gen(n):
        token = Token(n)
        try:
            for i in range(n):
                token.check()
                yield i
        finally:
            token.check()
    n = rng.randrange(20)
    assert sum(gen(n)) == n * (n - 1) // 2
    g = gen(5)
    next(g, None)
    if rng.random() < 0.5:
        g.close()


def exceptions(rng, me):
    def down(n):
        token = Token(n)
        if n == 0:
            raise KeyError(token)
        try:
            down(n - 1)
        finally:
            token.check()
    try:
        down(rng.randrange(30))
    except KeyError as error:
        error.args[0].check()
        frames = 0
        tb = error.__traceback__
        while tb:
            frames += 1
            tb = tb.tb_next
        assert frames >= 2


def cycles(rng, me):
    nodes = [{"token": Token(i)} for i in range(10)]
    for a, b in zip(nodes, nodes[1:] + nodes[:1]):
        a["next"] = b
    n = nodes[0]
    for _ in range(25):
        n["token"].check()
        n = n["next"]


def strings(rng, me):
    words = [str(rng.randrange(10 ** 9)) for _ in range(20)]
    text = ",".join(words)
    assert text.split(",") == words
    d = {sys.intern(w): i for i, w in enumerate(words)}
    assert all(words[i] == w for w, i in d.items())


def check():
    assert importlib.import_module("m1").state == "done"


main([do_import, do_import, forget, compile_and_run, generators, exceptions, cycles, strings], check)
