# Blocks and symbols: annotations have blocks of their own, comprehensions that are part of a function have none.
import symtable


def show(table, depth=0):
    symbols = [repr(symbol) for symbol in table.get_symbols()]
    print(" " * depth, table.get_type(), table.get_name(), symbols)
    for child in table.get_children():
        show(child, depth + 1)


SOURCES = [
    "def f(): pass",
    "def f(): x: int",
    "lambda: [x for x in y]",
    "[(lambda: x) for x in [1]]",
    "[[x for x in y] for y in z]",
    "def f(a: int): pass",
    "async def f(): pass",
    "def f(xs, k):\n local = 1\n return [[x + k + local for x in xs] for _ in xs]",
    "def f():\n x: int = 3\n def g(): x",
    "class A:\n def g(self): pass",
]
for source in SOURCES:
    print("==", source)
    show(symtable.symtable(source, "?", "exec"))
