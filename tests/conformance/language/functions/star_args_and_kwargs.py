def f(first, *args, flag=False, **kwargs):
    return first, args, flag, kwargs

print(f(1))
print(f(1, 2, 3, flag=True, x=1, y=2))
print(f(*range(3), *"ab", **{"k": 1}, **{"l": 2}))
print(f(1, *[2], *(), flag=0))
def everything(a, b=2, /, c=3, *args, d, e=5, **kw):
    return a, b, c, args, d, e, kw
print(everything(1, d=4))
print(everything(1, 2, 3, 4, 5, d=6, z=7))
code = everything.__code__
print(code.co_posonlyargcount, code.co_argcount, code.co_kwonlyargcount, code.co_varnames[:7])
