import functools
import sys
import types


def show(action, *args):
    try:
        print(repr(action(*args)))
    except Exception as error:
        print(type(error).__name__, error)


show(sum, [], False)
show(sum, [True], False)
show(sum, [1.5, 2], True)
show(type, "A\udcdcB", (), {})
show(type, "A", (), {"__doc__": "x\udcdcy"})
cls = type("A", (), {})
show(setattr, cls, "__name__", "A\udcdcB")
print(cls.__name__)


class Foo(types.ModuleType):
    __dict__ = 8


show(dir, Foo("foo"))

separator = bytearray(b",")


def parts():
    separator.clear()
    yield b"A"
    yield b"B"


show(separator.join, parts())
show(separator.join, [b"A", b"B"])


class Hinted:
    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration

    def __length_hint__(self):
        return sys.maxsize


items = [1, 2]
show(items.extend, Hinted())
print(items)


class Evil:
    def __repr__(self):
        partial.__setstate__((len, (1,), {"keyword": 2}, {}))
        return "Evil"


partial = functools.partial(print, Evil(), arg=None)
print(repr(partial))
print(repr(partial))
