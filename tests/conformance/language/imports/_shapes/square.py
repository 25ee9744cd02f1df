"""Another submodule, with relative imports."""
from .circle import PI
from . import circle as sibling

def area(a):
    return a * a, PI is sibling.PI
