sources = [
    'if x',
    'if x:\nprint(1)',
    'for i in range(3) print(i)',
    'def f():\nreturn 1',
    'class C\n  pass',
    '  x = 1',
    'if x:\n  a\n b',
    'else: pass',
    'try:\n pass',
    'try:\n pass\nexcept:\n pass\nexcept ValueError:\n pass',
    'with x as 5: pass',
    'if x = 1: pass',
    'while x = 1: pass',
    'elif x: pass',
]
for source in sources:
    try:
        compile(source, "<test>", "exec")
        print("compiled", repr(source))
    except SyntaxError as error:
        print(f"{source!r}: {type(error).__name__}: {error.msg} ({error.lineno}, {error.offset})")
