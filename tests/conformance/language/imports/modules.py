import _single
import _single
from _single import public as p, _private
print(p, _private, _single.__name__, _single.__doc__, _single.__file__.rsplit("/", 1)[-1])
print(_single.__spec__.name)
space = {}
exec("from _single import *", space)
print("public" in space, "_private" in space)
import sys
del sys.modules["_single"]
import _single as again
print(again is _single, again.public)
print(repr(again).split(" from ")[0])
import importlib
print(importlib.import_module("_single") is again, importlib.reload(again) is again)
try:
    again.nothing
except AttributeError as error:
    print(error)
sys.modules["_made_up"] = "anything at all"
import _made_up
print(_made_up)
sys.modules["_blocked"] = None
try:
    import _blocked
except ModuleNotFoundError as error:
    print(error)
