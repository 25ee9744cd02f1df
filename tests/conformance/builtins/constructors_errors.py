calls = [
    "int('x')", "int([])", "float('y')", "float([])", "complex('z')", "bool(1, 2)", "str(1, 2)", "bytes('x')",
    "bytearray('x')", "list(1)", "tuple(1)", "set(1)", "frozenset(1)", "dict(1)", "range('x')", "slice()",
    "memoryview(1)", "object(1)", "type(1, 2)", "property(1, 2, 3, 4, 5)", "classmethod()",
    "staticmethod(1, 2)", "super(1)", "enumerate(1)", "zip(1)", "map(1)", "filter(1)", "reversed(1)",
    "Exception(x=1)", "int(x=1)", "str(x=1)", "list(a=1)", "iter()", "frozenset(a=1)", "float(x=1)",
    "bool(x=1)", "tuple(a=[])", "dict(1, 2)", "bytes(b'', 'x')", "int('1', 'x')", "super()",
]
for call in calls:
    try:
        print(call, eval(call))
    except Exception as error:
        print(call, "->", type(error).__name__, error)
