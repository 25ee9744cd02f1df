count = 0
def bump():
    global count, created
    count += 1
    created = "by bump"
bump()
bump()
print(count, created)
def outer():
    value = "outer"
    def change():
        nonlocal value
        value = "changed"
    def shadow():
        value = "shadow"
        return value
    change()
    return value, shadow(), value
print(outer())
def skip():
    count = "local"
    def inner():
        global count
        return count
    return inner(), count
print(skip())
for bad in (
    "def f():\n x = 1\n global x", "def f():\n nonlocal y", "nonlocal z", "def f(a):\n global a",
    "def f():\n print(x)\n global x", "def f():\n global q\n nonlocal q",
):
    try:
        compile(bad, "<bad>", "exec")
    except SyntaxError as error:
        print(error.msg)
del count
try:
    count
except NameError as error:
    print(error)
