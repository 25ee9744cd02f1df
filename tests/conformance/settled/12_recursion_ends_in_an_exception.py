# Whatever recurses, an exception ends it, never the process.
import copy
import sys

def name_of(action):
    try:
        action()
        return "fine"
    except (RecursionError, MemoryError) as error:
        return "RecursionError" if isinstance(error, RecursionError) else "MemoryError"

def recurse():
    return recurse()
print(name_of(recurse))

nested = []
for _ in range(100000):
    nested = [nested]
# How deep native recursion may go is up to the implementation.
print(name_of(lambda: repr(nested)) in ("fine", "RecursionError"), name_of(lambda: copy.deepcopy(nested)))

class Attr:
    def __getattr__(self, name):
        return getattr(self, name + "x")
print(name_of(lambda: Attr().y))

class Eq:
    def __eq__(self, other):
        return self == other
print(name_of(lambda: Eq() == Eq()))

class Call:
    pass
Call.__call__ = Call()
print(name_of(lambda: Call()()))

source = "+".join(["1"] * 3000)
print(eval(source))
try:
    compile("(" * 300 + ")" * 300, "deep", "eval")
except (SyntaxError, MemoryError) as error:
    print(type(error).__name__, error)
del nested
print("alive")
