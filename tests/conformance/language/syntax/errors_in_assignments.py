sources = [
    '1 = x',
    'a, b += 1',
    'not = 1',
    'x = yield = 1',
    'f() += 1',
    'x ==== 1',
    'x =! 1',
    'True = 1',
    'None.x = 1; f(None=1)',
    '(x for x in y) = 1',
]
for source in sources:
    try:
        compile(source, "<test>", "exec")
        print("compiled", repr(source))
    except SyntaxError as error:
        print(f"{source!r}: {type(error).__name__}: {error.msg} ({error.lineno}, {error.offset})")
