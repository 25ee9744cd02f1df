"""What makes the code of a module a coroutine, where that is allowed."""
import ast
import inspect

for source in ("async for i in x: pass\n", "async with x: pass\n", "[i async for i in x]", "{i async for i in x}",
               "{i: i async for i in x}", "(i async for i in x)", "[[i async for i in x] for j in y]", "await x", "x",
               "def f(): pass", "async def f(): await x", "assert not await x", "[i for i in await x]",
               "if (a := 1):\n  async with x as l: pass\n", "class A: x = [i async for i in x]"):
    for optimize in (0, 1):
        for mode in ("exec", "single"):
            try:
                code = compile(source, "<s>", mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, optimize=optimize)
                print(repr(source), bool(code.co_flags & inspect.CO_COROUTINE))
            except SyntaxError as e:
                print(repr(source), e.msg)
