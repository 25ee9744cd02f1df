a = b = [1, 2, 3, 4, 5]
del a[0], a[-1], a[0:1]
print(b)
del a
try:
    a
except NameError as error:
    print(error)
x, y, z = 1, 2, 3
del (x, [y]), z
print("x" in globals() or "y" in globals())
class C:
    pass
c = C()
c.v = {"k": 1}
del c.v["k"]
print(c.v)
del c.v
try:
    del c.v
except AttributeError as error:
    print(error)
def f():
    v = 1
    del v
    try:
        return v
    except UnboundLocalError as error:
        return str(error)
print(f())
try:
    del {}["missing"]
except KeyError as error:
    print(repr(error))
for bad in ("del 1", "del f()", "del a + b", "del (a, b + c)", "del None", "del *a", "del (a for a in b)"):
    try:
        compile(bad, "<bad>", "exec")
    except SyntaxError as error:
        print(error.msg)
