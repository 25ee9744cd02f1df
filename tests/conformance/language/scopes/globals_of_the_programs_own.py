# Functions whose globals are a dict of the program's own: what they see after they have run often.
import types

SOURCE = """
def read():
    try:
        return name, len
    except NameError as error:
        return str(error)
def write(value):
    global name
    name = value
def delete():
    global name
    del name
"""

space = {"first": 1, 2: "two"}
exec(SOURCE, space)
iterator = iter(space)
print(next(iterator), next(iterator))
for _ in range(20):
    read = space["read"]()
print(read)
print(next(iterator))
space["name"] = "bound"
print(space["read"]())
space["len"] = "shadow"
print(space["read"]())
del space["len"]
print(space["read"]())
for number in range(20):
    space["write"](number)
print(space["name"], len(space), list(space)[:3], list(space)[-1])
space["delete"]()
print("name" in space, len(space), space.get("name", "gone"), space["read"]())
space["name"] = "again"
print(list(space)[-1], space.pop("name"), space["read"]())
print(space[2], space | {2: "deux"} == {**space, 2: "deux"}, sorted(map(str, space)))
try:
    for key in space:
        space["more"] = 1
except RuntimeError as error:
    print(error)
copy = dict(space)
print(copy == space, copy.popitem(), space.popitem(), len(space))
space.clear()
print(space, len(space))


# A subclass is asked by its own `__getitem__`.
class Logged(dict):
    def __getitem__(self, key):
        print("asked for", key)
        return super().__getitem__(key)


space = Logged(name="logged")
exec(SOURCE, space)
for _ in range(2):
    read = dict.__getitem__(space, "read")()
print(read, type(space))

# Builtins of the program's own.
space = {"__builtins__": {"len": "own", "NameError": NameError, "str": str}}
exec(SOURCE, space)
for _ in range(20):
    read = space["read"]()
print(read)
space["__builtins__"]["name"] = "from the builtins"
print(space["read"]())
del space["__builtins__"]["name"]
print(space["read"]())

# Two globals of one code.
function = space["read"]
other = types.FunctionType(function.__code__, {"name": "of the other"})
for _ in range(20):
    other()
print(other(), function())
