"""Keys of the locals of a frame: what is equal to a name of a variable stands for it."""
import sys


class Text(str):
    pass


class Impostor:
    def __hash__(self):
        return hash("x")

    def __eq__(self, other):
        return other == "x"

    def __repr__(self):
        return "impostor"


def existing(key):
    x = 1
    proxy = sys._getframe().f_locals
    proxy[key] = 2
    print(type(key).__name__, x, proxy[key], key in proxy, list(proxy), proxy.get(key))
    try:
        del proxy[key]
    except ValueError as e:
        print(e)
    try:
        proxy.pop(key)
    except ValueError as e:
        print(e)


def unbound(key):
    proxy = sys._getframe().f_locals
    proxy[key] = 2
    print(x, proxy.setdefault(key, 5))
    x = 1


for key in ("x", Text("x"), Impostor(), Text("z"), 5):
    existing(key)
    if key != 5 and key != "z":
        unbound(key)


def unhashable():
    proxy = sys._getframe().f_locals
    for key in ([], Text("x")):
        try:
            print(proxy.get(key, 3))
        except TypeError as e:
            print(e)
    print(reversed(proxy), repr(proxy).count("..."))


unhashable()
frame = sys._getframe()
for name in ("f_trace_lines", "f_trace_opcodes"):
    try:
        delattr(frame, name)
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)
    try:
        setattr(frame, name, 1)
    except TypeError as e:
        print(e)
