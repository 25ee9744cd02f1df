"""A package with an initialiser."""
print("initialising", __name__)
from .circle import area
version = "1.0"
__all__ = ["area", "square", "version"]
