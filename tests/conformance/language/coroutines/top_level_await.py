"""A module's code that awaits has its namespace also after it was suspended."""
import ast
import asyncio
import types

FLAG = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
code = compile("x = 3\nawait sleep(0)\ny = x + 1\nawait sleep(0)\nx = locals() is globals()\ndel y\nz = [v async for v in numbers()]\n", "<s>", "exec", FLAG)


async def numbers():
    for n in range(3):
        await asyncio.sleep(0)
        yield n


space = {"sleep": asyncio.sleep, "numbers": numbers}
asyncio.run(types.FunctionType(code, space)())
print(space["x"], "y" in space, space["z"])


async def evaluate(code, *spaces):
    await eval(code, *spaces)

local = {}
asyncio.run(evaluate(code, {"sleep": asyncio.sleep, "numbers": numbers}, local))
print(local)
generator = types.FunctionType(compile("x = 1\nyielded = [await f(1)]\nx += yielded[0]", "<s>", "exec", FLAG), {"f": lambda n: asyncio.sleep(0, n)})
asyncio.run(generator())
print(generator.__globals__["x"], generator.__globals__["yielded"])
