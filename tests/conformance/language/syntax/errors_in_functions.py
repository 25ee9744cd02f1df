sources = [
    'def f(:\n pass',
    'f(a=1, 2)',
    'f(**a, *b)',
    'f(a=1, a=2)',
    'def f(a, a): pass',
    'def f(a=1, b): pass',
    'def f(*): pass',
    'def f(**k, a): pass',
    'lambda x=: 1',
    'f(x for x in y, 1)',
]
for source in sources:
    try:
        compile(source, "<test>", "exec")
        print("compiled", repr(source))
    except SyntaxError as error:
        print(f"{source!r}: {type(error).__name__}: {error.msg} ({error.lineno}, {error.offset})")
