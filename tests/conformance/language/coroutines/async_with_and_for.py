class CM:
    async def __aenter__(self):
        print("aenter")
        return "resource"
    async def __aexit__(self, kind, value, tb):
        print("aexit", kind.__name__ if kind else None)
        return kind is ValueError

class Iter:
    def __init__(self): self.n = 0
    def __aiter__(self): return self
    async def __anext__(self):
        self.n += 1
        if self.n > 3:
            raise StopAsyncIteration
        return self.n

def run(coro):
    try:
        coro.send(None)
    except StopIteration as stop:
        return stop.value

async def main():
    async with CM() as r:
        print(r)
    async with CM(), CM() as second:
        raise ValueError("swallowed")
    total = 0
    async for x in Iter():
        total += x
    else:
        print("else")
    print(total, [x async for x in Iter() if x != 2], [await one() for _ in range(2)])
    return "main done"
async def one():
    return 1
print(run(main()))
async def bad_for():
    async for x in [1]:
        pass
async def bad_with():
    async with 5:
        pass
async def plain_with():
    with CM():
        pass
class NotAwaitable:
    def __aiter__(self): return self
    def __anext__(self): return 5
async def bad_next():
    async for x in NotAwaitable():
        pass
for f in (bad_for, bad_with, plain_with, bad_next):
    try:
        run(f())
    except TypeError as error:
        print(error)
