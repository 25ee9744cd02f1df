import sys
for name in ("_fails", "_fails", "_syntax"):
    try:
        __import__(name)
    except (ValueError, SyntaxError) as error:
        print(type(error).__name__, error.args[0], name in sys.modules)
import _shapes.cycle_a as a
print(a.use(), a.value)
try:
    import _shapes.cycle_c
except ImportError as error:
    print(str(error).split(" (/")[0].split(" (tests")[0])
import _lazy
print(_lazy.computed, dir(_lazy))
try:
    _lazy.other
except AttributeError as error:
    print(error)
from _lazy import computed
print(computed)
try:
    from _lazy import other
except ImportError as error:
    print(str(error).split(" (")[0])
