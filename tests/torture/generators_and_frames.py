"""Several threads advance the same generators and iterators, and read each other's frames while they run."""

import itertools
import sys
import threading

from _torture import THREADS, Token, main

frames = [[] for _ in range(THREADS)]
BUSY = ("generator already executing", "coroutine already executing", "asynchronous generator is already running")


def tokens():
    n = 0
    while True:
        token = Token(n)
        try:
            back = yield token
        except KeyError as error:
            back = error
        if isinstance(back, Token):
            back.check()
        n += 1


def outer():
    while True:
        yield from itertools.islice(tokens(), 7)


def short():
    frames[threading.get_ident() % THREADS][:] = [sys._getframe()]
    for n in range(5):
        yield Token(n)


shared = [tokens() for _ in range(3)] + [outer() for _ in range(3)]
for generator in shared:
    next(generator)
passing = [short()]
counter = itertools.count()
counts = [set() for _ in range(THREADS)]


def busy(error):
    assert str(error) in BUSY, error


def advance(rng, me):
    try:
        next(rng.choice(shared)).check()
    except ValueError as error:
        busy(error)


def send(rng, me):
    try:
        rng.choice(shared[:3]).send(Token(me)).check()
    except ValueError as error:
        busy(error)


def throw(rng, me):
    try:
        rng.choice(shared[:3]).throw(KeyError(me)).check()
    except ValueError as error:
        busy(error)


def finish(rng, me):
    generator = passing[0]
    try:
        if rng.random() < 0.1:
            generator.close()
        for token in generator:
            token.check()
    except ValueError as error:
        busy(error)
    if rng.random() < 0.3:
        passing[0] = short()


def count(rng, me):
    number = next(counter)
    counts[me].add(number)
    if len(counts[me]) > 1000:
        for other in range(me):
            assert not counts[me] & counts[other], "two threads got the same number"
        counts[me].clear()


def deep(depth, token):
    frames[me_of()][:] = [sys._getframe()]
    local = [token, depth]
    return deep(depth - 1, local[0]) if depth else token


def me_of():
    return threading.get_ident() % THREADS


def call(rng, me):
    deep(rng.randrange(12), Token(me)).check()


def read(rng, me):
    for frame in list(rng.choice(frames)):
        while frame is not None:
            assert type(frame.f_lineno) in (int, type(None)) and type(frame.f_lasti) is int
            values = dict(frame.f_locals)
            for name in ("token", "local"):
                value = values.get(name)
                if type(value) is list:
                    value = value[0]
                if type(value) is Token:
                    value.check()
            repr(frame), frame.f_code.co_name, frame.f_globals, frame.f_builtins
            frame = frame.f_back


def read_current(rng, me):
    for ident, frame in sys._current_frames().items():
        while frame is not None:
            frame.f_lineno, frame.f_lasti, dict(frame.f_locals), frame.f_code.co_qualname
            frame = frame.f_back
    sys._current_exceptions()


def read_generators(rng, me):
    generator = rng.choice(shared + passing)
    generator.gi_running, generator.gi_suspended, generator.gi_yieldfrom, repr(generator)
    frame = generator.gi_frame
    if frame is not None:
        frame.f_lineno, dict(frame.f_locals), frame.f_back, frame.f_generator
        token = frame.f_locals.get("token")
        if token is not None:
            token.check()


def trace(rng, me):
    lines = []

    def note(frame, event, arg):
        lines.append(frame.f_lineno)
        return note

    sys.settrace(note)
    try:
        deep(2, Token(me))
        list(short())
    finally:
        sys.settrace(None)
    assert lines


def check():
    for generator in shared:
        next(generator).check()


main(
    [advance, advance, send, throw, finish, count, call, call, read, read_current, read_generators, trace],
    check,
)
