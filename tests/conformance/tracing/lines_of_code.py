# Which lines the code of statements belongs to, and which are reported when it runs.
import sys


def trace(function):
    first = function.__code__.co_firstlineno
    lines = []

    def tracer(frame, what, _):
        if frame.f_code is not function.__code__:
            return None
        if what != "exception":
            lines.append((what[0], frame.f_lineno - first))
        return tracer

    sys.settrace(tracer)
    try:
        function()
    except Exception as error:
        lines.append(type(error).__name__)
    finally:
        sys.settrace(None)
    print(function.__name__, " ".join("%s%d" % line if isinstance(line, tuple) else line for line in lines))


def operands():
    a, b = 1, 2
    return a + (a *
                b) + (
        3)


def constants():
    if 0:
        pass
    while 0:
        pass
    while 1:
        break
    return None


def leaving():
    for i in (1, 2):
        try:
            if i == 1:
                continue
            break
        finally:
            x = i
    return x


def returning():
    try:
        return (
            1)
    finally:
        x = 2


def manager():
    import contextlib
    for i in (1, 2):
        with contextlib.nullcontext():
            break
    return (
        i
    )


def nothing():
    try:
        if False:
            pass
    except Exception:
        pass


def ends(flag=True):
    if flag:
        x = 1
    else:
        x = 2


def attributes():
    x = (1).real
    return (
        x.
        real
        .bit_count(
        )
    )


def targets():
    for (
        i
    ) in (1, 2):
        pass


def ifs():
    x = 0
    if x:
        return
    elif x == 1:
        return
    if not x:
        if x < 1:
            pass


for function in (operands, constants, leaving, returning, manager, nothing, ends, attributes, targets, ifs):
    trace(function)


def doc():
    "only this"


def short(): return 1


print([line - doc.__code__.co_firstlineno for _, _, line in doc.__code__.co_lines()])
print([line - short.__code__.co_firstlineno for _, _, line in short.__code__.co_lines()])


class Truth:
    def __init__(self, name, value):
        self.name, self.value = name, value

    def __bool__(self):
        print("?", self.name, end=" ")
        return self.value

    def __repr__(self):
        return self.name


# The truth of each part is asked once.
no, yes = Truth("no", False), Truth("yes", True)
for value in ("no and yes or yes", "yes and no or no", "(no or no) and yes or no", "yes or no and no",
              "(yes or no) and (no or yes) or no"):
    print("=", eval(value))
