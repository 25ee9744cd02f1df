"""What sys.exit makes of its argument; structures of sys that nobody can make."""
import sys

for status in (None, 3, "text", (42,), (1, 2), (), SystemExit(5), ValueError(3), [1]):
    try:
        sys.exit(status)
    except SystemExit as e:
        print(repr(e), repr(e.code), e is status)

for structure in (sys.flags, sys.version_info):
    kind = type(structure)
    for make in (kind, lambda: kind.__new__(kind), lambda: kind.__new__(kind, tuple(structure)), lambda: tuple.__new__(kind, ())):
        try:
            make()
        except TypeError as e:
            print(e)

import types


class Odd(types.SimpleNamespace):
    def __new__(cls):
        return 5


try:
    types.SimpleNamespace.__new__(Odd).__replace__()
except TypeError as e:
    print(e)
