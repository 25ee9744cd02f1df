print(len("abc"))
def f():
    len = lambda x: "local len"
    return len("abc")
print(f())
len = lambda x: "global len"
print(len("abc"))
del len
print(len("abc"))
try:
    del len
except NameError as error:
    print(error)
import builtins
builtins.added = 5
print(added)
del builtins.added
print("__name__" in globals(), __name__, type(__builtins__).__name__)
exec("x = 1; y = x + 1")
print(y)
space = {"a": 1}
exec("b = a + 1", space)
print(space["b"], "__builtins__" in space)
local = {}
exec("c = 5\ndef g(): return c", {}, local)
try:
    local["g"]()
except NameError as error:
    print(error)
print(eval("a + b", {"a": 1}, {"b": 2}))
