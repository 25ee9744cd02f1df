class Step:
    def __await__(self):
        yield "step"

async def agen(n):
    try:
        for i in range(n):
            await Step()
            got = yield i
            if got:
                print("got", got)
    finally:
        print("agen finally")

def run(coro):
    steps = 0
    while True:
        try:
            coro.send(None)
            steps += 1
        except StopIteration as stop:
            return stop.value, steps

async def loop():
    return [x async for x in agen(3)]
print(run(loop()))
async def sends():
    g = agen(5)
    a = await g.asend(None)
    b = await g.asend("hello")
    try:
        await g.athrow(KeyError("k"))
    except KeyError as error:
        print("out came", error)
    try:
        await g.__anext__()
    except StopAsyncIteration:
        print("finished")
    h = agen(2)
    await h.__anext__()
    await h.aclose()
    return a, b
print(run(sends()))
async def partial():
    async for x in agen(4):
        if x == 1:
            break
    else:
        print("no else")
    return x
g = agen(1)
print(type(g).__name__, g.ag_running, g.ag_code.co_name, g.__aiter__() is g)
async def comp():
    return {x: y async for x in agen(2) for y in [x * x] if y >= 0}
print(run(comp()))
