# A trace function moves a frame by setting f_lineno; where nothing on the way may stand, it is refused.
import sys
import warnings

warnings.simplefilter("ignore")


def jump(function, start, line, event="line"):
    """Runs function(out); when the event comes at line `start` of it, sets `line`."""
    code, done, out = function.__code__, [], []

    def tracer(frame, what, _):
        if frame.f_code is not code:
            return None
        if not done and what == event and frame.f_lineno == code.co_firstlineno + start:
            done.append(True)
            frame.f_lineno = line if isinstance(line, str) else code.co_firstlineno + line
            out.append(("at", frame.f_lineno - code.co_firstlineno))
        return tracer

    sys.settrace(tracer)
    try:
        result = function(out)
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    finally:
        sys.settrace(None)
    out = ["at %d" % item[1] if isinstance(item, tuple) else item for item in out]
    print(function.__name__, start, "->", line, out, result)


def straight(out):
    out.append(1)
    out.append(2)
    out.append(3)


def loops(out):
    for i in (1, 2):
        out.append(i)
    for j in (3, 4):
        out.append(j)
    out.append("end")


class Manager:
    def __init__(self, out, name):
        self.out, self.name = out, name

    def __enter__(self):
        self.out.append("+" + self.name)
        return self

    def __exit__(self, *args):
        self.out.append("-" + self.name)


def managers(out):
    with Manager(out, "a"):
        out.append(2)
    with Manager(out, "b"):
        out.append(4)
    out.append(5)


def handlers(out):
    try:
        1 / 0
    except ZeroDivisionError as error:
        out.append("handled")
        out.append("more")
    except KeyError:
        out.append("never")
    out.append(repr(sys.exception()))


def cleanup(out):
    try:
        out.append(2)
        return 3
    finally:
        out.append(5)
        out.append(6)
    out.append(7)


def expression(out):
    x = 1
    y = (out,
         x,
         2)
    return len(y)


def generator(out):
    def inner():
        out.append("start")
        yield 1
        out.append("behind")
    return list(inner())


for test in [
    (straight, 2, 3), (straight, 3, 1), (straight, 1, 9), (straight, 2, "2"), (straight, 2, -1),
    (loops, 2, 5), (loops, 2, 4), (loops, 5, 2), (loops, 1, 4), (loops, 5, 1), (loops, 4, 2),
    (managers, 1, 2), (managers, 2, 5), (managers, 2, 4), (managers, 1, 5), (managers, 5, 1), (managers, 2, 1),
    (handlers, 1, 4), (handlers, 4, 8), (handlers, 4, 1), (handlers, 4, 7), (handlers, 8, 7), (handlers, 5, 4),
    (handlers, 3, 8), (handlers, 4, 3),
    (cleanup, 2, 7), (cleanup, 5, 7), (cleanup, 2, 5), (cleanup, 3, 2), (cleanup, 6, 5),
    (expression, 5, 3), (expression, 2, 4), (expression, 5, 1),
]:
    jump(*test)
jump(straight, 0, 2, "call")
jump(straight, 3, 1, "return")
jump(handlers, 2, 1, "exception")


def outside():
    try:
        sys._getframe().f_back.f_lineno = 1
    except ValueError as error:
        print(error)
    try:
        del sys._getframe().f_lineno
    except AttributeError as error:
        print(error)


outside()


def yields(out):
    code, moved = None, []

    def inner():
        out.append("start")
        yield 1
        out.append("behind")
        yield 2

    def tracer(frame, what, _):
        if frame.f_code is inner.__code__:
            if what == "return" and not moved:
                moved.append(True)
                frame.f_lineno = frame.f_lineno + 1
            return tracer
        return None

    sys.settrace(tracer)
    result = list(inner())
    sys.settrace(None)
    print(out, result)


yields([])


async def tasks(out):
    class Async:
        async def __aenter__(self):
            out.append("enter")

        async def __aexit__(self, *args):
            out.append("exit")

    async with Async():
        out.append("body")
    return out


# Tracing leaves the variables of a coroutine alone.
sys.settrace(lambda *args: sys.gettrace())
try:
    tasks([]).send(None)
except StopIteration as stop:
    print(stop.value)
finally:
    sys.settrace(None)
