x = 5
print(globals()["x"], "print" in dir(__builtins__), __import__("math").pi > 3, __import__("os.path").__name__)
print(__import__("os.path", fromlist=["join"]).__name__ in ("posixpath", "ntpath"))
globals()["made"] = "through globals()"
print(made)
def f(a):
    b = 2
    return locals()
print(f(1))
print(__name__, __doc__, __file__.rsplit("/", 1)[-1], __spec__, type(__loader__).__name__ != "")
import builtins
print(builtins.len is len, builtins.__name__, isinstance(builtins.__dict__, dict), breakpoint.__name__)
print(help.__class__.__name__, copyright.__class__.__name__, exit.__class__.__name__)
print(sorted(n for n in dir(builtins) if n[0].islower()))
