# Caches belong to (code, globals, builtins), not to the code alone.
import types

x = "module"

def f():
    return x, len([1, 2, 3])

for _ in range(5000):
    f()
g2 = {"x": "second", "__builtins__": {"len": lambda items: "fake len"}}
g = types.FunctionType(f.__code__, g2)
for _ in range(5000):
    g()
print(f(), g())
g2["x"] = "changed"
print(f(), g())
del g2["x"]
try:
    g()
except NameError as error:
    print(error)

code = compile("y = y + 1", "<string>", "exec")
first, second = {"y": 1}, {"y": 100}
for _ in range(1000):
    exec(code, first)
exec(code, second)
print(first["y"], second["y"])

def missing():
    return later

for _ in range(100):
    try:
        missing()
    except NameError:
        pass
alpha = 1
later = 2
print(missing(), [name for name in globals() if name in ("alpha", "later")])
import builtins
builtins.from_builtins = "builtin"
def read():
    return from_builtins
for _ in range(1000):
    read()
print(read())
from_builtins = "global now"
print(read())
del from_builtins
print(read())
del builtins.from_builtins
