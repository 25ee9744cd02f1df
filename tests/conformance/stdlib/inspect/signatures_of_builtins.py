# `__text_signature__` of built-in classes and functions, and what inspect makes of it.
import builtins, inspect, types

class Plain: pass
print(inspect.signature(Plain), inspect.signature(object))
for name in (
    "object set frozenset enumerate reversed map filter zip complex slice str int bytes bytearray list tuple dict float bool "
    "range memoryview property staticmethod classmethod type super getattr iter next vars dir max min print len sorted sum"
).split():
    print(name, getattr(builtins, name).__text_signature__)
for name in "NoneType EllipsisType NotImplementedType CellType GenericAlias SimpleNamespace".split():
    print(name, getattr(types, name).__text_signature__)
for function in (map, filter, zip, enumerate, reversed, set, complex, print, getattr, max, str, int):
    try:
        print(function.__name__, inspect.signature(function))
    except ValueError as error:
        print(error)
