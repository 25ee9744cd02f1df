async def f(xs):
    async with xs as x:
        await x
    async for y in xs:
        yield y
    z = [v async for v in xs]
