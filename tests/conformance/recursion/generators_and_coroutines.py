def chain(n):
    if n:
        yield from chain(n - 1)
    yield n
try:
    list(chain(100000))
except RecursionError as error:
    print("RecursionError")
print(sum(1 for _ in chain(300)))
def wrap(g):
    for x in g:
        yield x
g = iter([1])
for _ in range(100000):
    g = wrap(g)
try:
    next(g)
except RecursionError:
    pass
print("deeply wrapped: an answer or a RecursionError")
del g
async def deep(n):
    if n:
        await deep(n - 1)
try:
    deep(100000).send(None)
except RecursionError:
    print("RecursionError")
except StopIteration:
    print("finished")
import itertools
it = iter([1])
for _ in range(50000):
    it = itertools.chain(it)
print(type(it).__name__)
del it
def close_deep(n):
    try:
        yield from close_deep(n - 1) if n else iter([1, 2])
    finally:
        pass
c = close_deep(300)
next(c)
c.close()
print("closed")
