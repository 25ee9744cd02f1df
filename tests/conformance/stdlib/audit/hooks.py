# sys.addaudithook: hooks get the events of sys.audit, in the order in which they were added, and can prevent things.
import gc
import sys

seen = []
quiet = True
forbidden = {}


def first(event, args):
    if not quiet:
        seen.append(("first", event, args))
        if event in forbidden:
            raise forbidden[event]


class Second:
    def __call__(self, event, args):
        if not quiet:
            seen.append(("second", event, args))


def show(function, *args):
    global quiet
    quiet = False
    try:
        result = function(*args)
    except BaseException as error:
        result = f"{type(error).__name__}: {error}"
    quiet = True
    print(result, *seen, sep="\n  ")
    seen.clear()


show(sys.audit, "before.hooks", 1)
print(sys.addaudithook(first))
show(sys.audit, "some.event")
show(sys.audit, "some.event", 1, None, "x")
print(sys.addaudithook(hook=Second()))
show(sys.audit, "some.event", [1], {2: 3})

# An exception stops what follows.
forbidden["stop"] = ValueError("no")
show(sys.audit, "stop", 1)
forbidden["open"] = PermissionError("not to be opened")
show(open, "nothing")

# Exceptions make no hook be added, and those that are none of Exception go on.
forbidden["sys.addaudithook"] = RuntimeError("no more")
show(sys.addaudithook, lambda event, args: seen.append("third"))
forbidden["sys.addaudithook"] = KeyboardInterrupt("no more")
show(sys.addaudithook, lambda event, args: seen.append("fourth"))
show(sys.audit, "some.event")
forbidden.clear()

for args in [(), (1,), (None, 1), ("lone\udc80",), ("zero\0",)]:
    show(sys.audit, *args)
show(sys.addaudithook)
show(sys.addaudithook, print, print)

print([type(one).__name__ for one in gc.get_objects() if isinstance(one, list) and any(item is first for item in one)])
