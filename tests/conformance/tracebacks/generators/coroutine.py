async def leaf():
    raise ConnectionError("lost")

async def middle():
    await leaf()

async def top():
    return await middle()

top().send(None)
