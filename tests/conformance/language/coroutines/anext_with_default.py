# anext with a default, of iterators whose __anext__ is a coroutine function, and of async generators.
import asyncio


class Numbers:
    def __init__(self, *numbers):
        self.numbers = list(numbers)

    def __aiter__(self):
        return self

    async def __anext__(self):
        await asyncio.sleep(0)
        if not self.numbers:
            raise StopAsyncIteration
        return self.numbers.pop(0)


async def generator():
    yield "a"


async def main():
    numbers = Numbers(1)
    print([await anext(numbers, "default") for _ in range(3)])
    items = generator()
    print([await anext(items, "default") for _ in range(3)])
    waiting = anext(Numbers(5), None)
    print(type(waiting).__name__)
    print(await waiting)
    stopped = anext(Numbers(), "stopped").__await__()
    print(stopped.send(None))
    try:
        stopped.throw(ValueError("thrown"))
    except ValueError as error:
        print(error)


asyncio.run(main())
