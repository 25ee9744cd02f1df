sources = [
    'return 1',
    'yield 1',
    'await x',
    'break',
    'continue',
    'async def f():\n  yield from x',
    'def f():\n  async with x: pass',
    'nonlocal x',
    'global x; x = 1; global x',
]
for source in sources:
    try:
        compile(source, "<test>", "exec")
        print("compiled", repr(source))
    except SyntaxError as error:
        print(f"{source!r}: {type(error).__name__}: {error.msg} ({error.lineno}, {error.offset})")
