import functools
@functools.lru_cache(maxsize=2)
def square(n):
    print("computing", n)
    return n * n
print([square(n) for n in (1, 2, 1, 3, 2)], square.cache_info())
square.cache_clear()
print(square.cache_info(), square.cache_parameters(), square.__wrapped__(3))
@functools.cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(80))
p = functools.partial(int, base=2)
print(p("101"), p.func, p.keywords, p.args, functools.partial(print, "a", sep="-")("b"))
print(functools.partial(pow, functools.Placeholder, 2)(5))
print(functools.reduce(lambda a, b: a * b, [1, 2, 3, 4]), functools.reduce(lambda a, b: a + b, [], "init"))
@functools.total_ordering
class T:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __lt__(self, o): return self.v < o.v
print(T(1) <= T(1), T(2) > T(1), T(1) >= T(2))
@functools.singledispatch
def show(x): return "object"
@show.register
def _(x: int): return "int"
@show.register(list)
def _(x): return "list"
print(show(1), show([]), show("s"), show(True), show.dispatch(int)(5))
class C:
    @functools.cached_property
    def slow(self):
        print("once")
        return 5
    @functools.singledispatchmethod
    def m(self, x): return "base"
    @m.register
    def _(self, x: str): return "str"
c = C()
print(c.slow, c.slow, vars(c), c.m("s"), c.m(1))
print(sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a)))
