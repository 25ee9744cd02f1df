sources = [
    'x = ',
    'a b',
    'x = 5 if y',
    '{a: 1, b}',
    '{1, a: 2}',
    '[x, y for x in z]',
    "d = {'a': 1 'b': 2}",
]
for source in sources:
    try:
        compile(source, "<test>", "exec")
        print("compiled", repr(source))
    except SyntaxError as error:
        print(f"{source!r}: {type(error).__name__}: {error.msg} ({error.lineno}, {error.offset})")
