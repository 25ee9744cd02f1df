# A generator keeps its own handled exception while it is suspended, and sees its resumer's otherwise.
import sys


def plain():
    while True:
        yield type(sys.exception()).__name__


def handling():
    yield "before"
    try:
        raise KeyError("own")
    except KeyError:
        yield type(sys.exception()).__name__
        try:
            raise IndexError
        except IndexError:
            yield type(sys.exception()).__name__
        yield type(sys.exception()).__name__
    yield type(sys.exception()).__name__


def show(generator):
    yield from (next(generator) for _ in range(1))


outside, inside = plain(), handling()
print(next(outside), next(inside))
try:
    raise ValueError
except ValueError:
    print(next(outside), next(inside), type(sys.exception()).__name__)
    print(next(outside), next(inside), type(sys.exception()).__name__)
print(next(outside), next(inside), sys.exception())
try:
    raise TypeError
except TypeError:
    print(*show(outside), next(inside), type(sys.exception()).__name__)
print(list(inside), sys.exception())


def failing():
    try:
        yield 1
    except ValueError as error:
        yield type(sys.exception()).__name__
        raise KeyError("from the handler") from error


generator = failing()
next(generator)
print(generator.throw(ValueError("thrown")), sys.exception())
try:
    for _ in generator:
        pass
except KeyError as error:
    print(repr(error), repr(error.__context__), sys.exception() is error)
print(sys.exception())


# A frame object that somebody keeps shows the variables of the moment.
def counting():
    for number in range(4):
        yield number


generator = counting()
next(generator)
frame = generator.gi_frame
print(frame.f_locals["number"], frame.f_lineno - counting.__code__.co_firstlineno)
for value in generator:
    print(value, frame.f_locals["number"], generator.gi_frame is frame, generator.gi_running)
print(generator.gi_frame, frame.f_locals["number"])


# Wide registers, many variables, and values that are sent in between loops.
def wide():
    names = {f"v{index}": index for index in range(300)}
    body = "\n".join(f"    {name} = {index}" for name, index in names.items())
    scope = {}
    exec(f"def f():\n{body}\n    got = yield v0\n    yield got, v299\n    yield sum(({', '.join(names)}))", scope)
    return scope["f"]


generator = wide()()
print(next(generator), generator.send("sent"), next(generator), list(generator))
print(list(wide()()))


def echo():
    received = None
    while True:
        received = yield received


generator = echo()
next(generator)
print(generator.send(1), next(generator), generator.send(2), [generator.send(n) for n in range(3)])
for received in generator:
    print(received)
    break


# A generator that resumes itself, or finishes while others wait for it.
def own():
    try:
        next(me)
    except ValueError as error:
        yield str(error)
    yield list(zip(range(2), rest))


rest = iter("xyz")
me = own()
print([value for value in me], next(rest, "end"))
