import _shapes
print(_shapes.area(2), _shapes.version, _shapes.__name__, _shapes.__package__, _shapes.__doc__)
import _shapes.square
print(_shapes.square.area(3), _shapes.circle.PI)
import _shapes.square as sq
from _shapes import square as sq2, circle
from _shapes.deep import pi_from_above
print(sq is sq2, circle.__name__, pi_from_above, sq.__package__)
from _shapes import *
print(square.__name__)
import sys
print(sorted(name for name in sys.modules if name.startswith("_shapes")))
try:
    from _shapes.deep import leaf
except ImportError as error:
    print(type(error).__name__, error)
for bad in (
    "import _shapes.nothing", "from _shapes import nothing", "import _nowhere",
    "import _shapes.circle.deeper", "from . import x", "from _single2 import y",
):
    try:
        exec(bad, {"__name__": "__main__"})
    except ImportError as error:
        print(type(error).__name__, str(error).split(" (")[0], error.name)
