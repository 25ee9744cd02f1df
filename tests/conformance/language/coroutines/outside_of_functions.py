# What waits where nothing may wait is refused, also where no code is made of it.
import ast

SOURCES = [
    "await x",
    "assert not await x",
    "assert {y async for y in x}",
    "if 0: await x",
    "if 0:\n  [y async for y in x]",
    "class A: await x",
    "class A: [y async for y in x]",
    "lambda: await x",
    "lambda: [y async for y in x]",
    "def f(): await x",
    "def f(): return [y async for y in x]",
    "def f(): return [[y async for y in x] for z in x]",
    "def f(): return (y async for y in x)",
    "def f(): return (await y for y in x)",
    "def f(): return [await y for y in x]",
    "async def f(): return lambda: await x",
    "async def f(): return [y async for y in await x]",
    "async def f():\n def g(): await x",
    "x = (await 1 for y in z)",
    "[await y for y in z]",
    "[x for y in [z async for z in y]]",
]
for source in SOURCES:
    for flags in (0, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT):
        try:
            compile(source, "<string>", "exec", flags, optimize=1)
            print("accepted", repr(source))
        except SyntaxError as error:
            print(repr(source), error.msg, error.lineno, error.offset, error.end_offset)
