def f(a: int, b: "str" = "x", *args: tuple, k: float = 1.0, **kw: dict) -> bool:
    pass
print(f.__annotations__)
class C:
    x: int
    y: list[str] = []
    later: "C"
    self_typed: C
print(C.__annotations__, hasattr(C, "x"), C.y)
def g(a: not_defined_yet):
    pass
try:
    g.__annotations__
except NameError as error:
    print(error)
not_defined_yet = "now"
print(g.__annotations__, f.__annotate__(1))
import annotationlib
def h(a: missing.attr, b: int):
    pass
print(annotationlib.get_annotations(h, format=annotationlib.Format.STRING))
z: int = 5
w: str
import sys
print(sys.modules[__name__].__annotations__, "w" in globals())
def local():
    v: undefined_name = 1
    return v
print(local())
