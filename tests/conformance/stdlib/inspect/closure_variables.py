"""inspect.getclosurevars finds out what the names in a function mean."""
import dis
import inspect

known = 1


def outer(free):
    def inner(argument):
        print(known, unknown.attribute, free, len, argument.other)
        return [x for x in free if abs(x)]
    return inner


found = inspect.getclosurevars(outer([3]))
print(found.nonlocals, found.globals, found.builtins == {"print": print, "len": len, "abs": abs}, sorted(found.unbound))


def generates(argument):
    nested = known
    while argument:
        yield nested + unknown


found = inspect.getclosurevars(generates)
print(found.nonlocals, found.globals, found.builtins, sorted(found.unbound))


class A:
    def method(self):
        return __class__, known


found = inspect.getclosurevars(A().method)
print(found.nonlocals, found.globals, found.builtins, sorted(found.unbound))
print(sorted({i.argval for i in dis.get_instructions(generates) if i.opname == "LOAD_GLOBAL"}))
