import functools
@functools.lru_cache(maxsize=2)
def square(n):
    print("computing", n)
    return n * n
square.cache_clear()
p = functools.partial(int, base=2)
for action in (
    lambda: functools.reduce(lambda a, b: a, []), lambda: functools.partial(5),
    lambda: functools.lru_cache(5)(square)([]), lambda: square([]), lambda: functools.partial(),
):
    try:
        print(action())
    except TypeError as error:
        print(error)
