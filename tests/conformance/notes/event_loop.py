# Three tasks that wait run together in the time of one.
import asyncio
import time

async def io_task(name, delay, n_iter):
    for i in range(1, n_iter + 1):
        print(f"{name}: iteration {i}")
        await asyncio.sleep(delay)

async def main():
    start = time.perf_counter()
    await asyncio.gather(io_task("A", 0.1, 3), io_task("B", 0.1, 3), io_task("C", 0.1, 3))
    together = time.perf_counter() - start

    start = time.perf_counter()
    await io_task("A", 0.1, 3)
    await io_task("B", 0.1, 3)
    await io_task("C", 0.1, 3)
    apart = time.perf_counter() - start
    print("the first is about three times as fast:", 2 < apart / together < 4)

asyncio.run(main())
