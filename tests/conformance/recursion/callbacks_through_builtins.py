# Recursion that passes through native functions at every level.
import functools
def by_map(n): return list(map(by_map, [n + 1]))
def by_sort(n): return sorted([2, 1], key=by_sort)
def by_max(n): return max([1, 2], key=by_max)
def by_reduce(n, m=0): return functools.reduce(by_reduce, [1, 2])
def by_eval(n=0): return eval("by_eval()")
def by_filter(n): return list(filter(by_filter, [1]))
def by_getattr(n=0): return getattr(Prop(), "p")
class Prop:
    p = property(lambda self: by_getattr())
def by_any(n): return any(by_any(x) for x in [1])
def by_format(n=0): return "{}".format(F())
class F:
    def __format__(self, s): return by_format()
def by_iter(n=0): return list(I())
class I:
    def __iter__(self): return iter(by_iter())
def by_partial(n=0): return functools.partial(by_partial)()
def by_super(n=0): return Sub().m()
class Base:
    def m(self): return Sub().m()
class Sub(Base):
    def m(self): return super().m()
def by_class(n=0): return Meta("X", (), {})
class Meta(type):
    def __new__(m, *a): return Meta(*a)
def by_comp(n): return [by_comp(x) for x in [1]]
def by_star(*a): return by_star(*a, 1)
def by_sum(n=0): return sum(by_sum() for _ in [1])
def by_print(n=0): print(P())
class P:
    def __str__(self): return str(by_print())
def by_sub(n=0):
    import re
    return re.sub("a", lambda m: by_sub(), "a")
for f in (
    by_map, by_sort, by_max, by_reduce, by_eval, by_filter, by_getattr, by_any, by_format, by_iter,
    by_partial, by_super, by_class, by_comp, by_star, by_sum, by_print, by_sub,
):
    try:
        f(1) if f.__code__.co_argcount or f is by_star else f()
        print(f.__name__, "no error")
    except RecursionError:
        print(f.__name__, "RecursionError")
