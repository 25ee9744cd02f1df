"""What the tests of events share: `show(function)` prints the events that a call causes."""
import sys

_on = False
_seen = []
NOISE = ("object.__getattr__", "sys._getframe", "sys._getframemodulename")


def _hook(event, args):
    if _on:
        _seen.append((event, args))


sys.addaudithook(_hook)


def events(function, noise=()):
    global _on
    _seen.clear()
    _on = True
    try:
        function()
    except Exception as error:
        _on = False
        _seen.append(("raised", (type(error).__name__,)))
    _on = False
    return [(event, args) for event, args in _seen if event not in noise]


def show(label, function, noise=(), text=repr):
    print(label)
    for event, args in events(function, noise):
        print("   ", event, "(" + ", ".join(text(arg) for arg in args) + ")")
