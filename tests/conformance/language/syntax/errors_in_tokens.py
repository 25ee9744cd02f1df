sources = [
    'x = (1, 2',
    'x = [1, 2)',
    '}',
    'x <> 1',
    'a ? b',
    '\x00',
    '\xe9\u20ac',
    "x = 'a",
    'x = """a',
    '\\ x',
]
for source in sources:
    try:
        compile(source, "<test>", "exec")
        print("compiled", repr(source))
    except SyntaxError as error:
        print(f"{source!r}: {type(error).__name__}: {error.msg} ({error.lineno}, {error.offset})")
