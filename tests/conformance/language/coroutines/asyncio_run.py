import asyncio

async def task(name, n):
    for i in range(n):
        print(name, i)
        await asyncio.sleep(0)
    return name * n

async def main():
    results = await asyncio.gather(task("a", 2), task("b", 3))
    print(results)
    try:
        await asyncio.wait_for(asyncio.sleep(10), 0.01)
    except TimeoutError:
        print("timeout")
    async with asyncio.TaskGroup() as group:
        t = group.create_task(task("c", 1))
    print(t.result())
    queue = asyncio.Queue()
    async def producer():
        for i in range(3):
            await queue.put(i)
        await queue.put(None)
    p = asyncio.create_task(producer())
    while (item := await queue.get()) is not None:
        print("got", item)
    await p
    t = asyncio.create_task(asyncio.sleep(100))
    await asyncio.sleep(0)
    t.cancel()
    try:
        await t
    except asyncio.CancelledError:
        print("cancelled", t.cancelled())
asyncio.run(main())
