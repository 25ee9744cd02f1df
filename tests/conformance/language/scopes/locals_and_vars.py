def f(a, b=2):
    c = 3
    def inner():
        return c
    snapshot = locals()
    d = 4
    return sorted(snapshot.items(), key=lambda kv: kv[0])[:3], "d" in snapshot, sorted(locals())
print(f(1))
def independent():
    x = 1
    l = locals()
    l["x"] = 100
    return x, locals()["x"]
print(independent())
class C:
    y = 1
    names = sorted(n for n in locals() if not n.startswith("__"))
print(C.names)
print(locals() is globals(), vars() is globals())
def g():
    x = 1
    exec("x = 2; z = 3")
    return x, "z" in locals()
print(g())
import sys
def h():
    x = 1
    frame = sys._getframe()
    frame.f_locals["x"] = 42
    return x
print(h())
try:
    vars(5)
except TypeError as error:
    print(error)
