def f():
    def inner():
        return later
    try:
        inner()
    except NameError as error:
        print(type(error).__name__, error)
    later = 1
    print(inner())
    del later
    try:
        inner()
    except NameError as error:
        print(error)
    try:
        inner.__closure__[0].cell_contents
    except ValueError as error:
        print(error)
f()

def g():
    print(local)
    local = 1
try:
    g()
except UnboundLocalError as error:
    print(error)
def h(flag):
    if flag:
        value = 1
    del value
try:
    h(False)
except UnboundLocalError as error:
    print(error)
import types
cell = types.CellType(5)
print(cell.cell_contents, cell == types.CellType(5), cell < types.CellType(6))
