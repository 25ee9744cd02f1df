# sys.settrace sees calls, lines, returns and exceptions as CPython does.
import sys
ev=[]
def tr(f,e,a):
    if f.f_code.co_filename != __file__: return None
    if e=='exception': a=(a[0].__name__,str(a[1]))
    elif e!='return': a=None
    elif not isinstance(a,(int,str,type(None),tuple)): a=type(a).__name__
    ev.append((f.f_code.co_name,e,f.f_lineno-f.f_code.co_firstlineno,a))
    return tr
def run(fn,*a):
    ev.clear()
    sys.settrace(tr)
    try:
        try: fn(*a)
        finally: sys.settrace(None)
    except BaseException as e: ev.append(repr(e))
    print('==',fn.__name__)
    for x in ev: print(x)
def simple():
    x = 1
    pass
    if x:
        y = 2
    else:
        y = 3
    return y
def tries():
    try:
        1/0
    except ZeroDivisionError as e:
        x = 1
    finally:
        x = 2
    try:
        y = 1
    except KeyError:
        y = 2
    else:
        y = 3
    try:
        raise ValueError("v")
    except KeyError:
        pass
    except ValueError:
        return x
def helper(n):
    if n == 0:
        raise KeyError(n)
    return helper(n-1)
def unwinds():
    try:
        helper(1)
    except KeyError:
        pass
def helper2(a, b, z=None): return a
def with_():
    import contextlib
    with contextlib.nullcontext() as c:
        x = 1
    try:
        with contextlib.suppress(ValueError):
            raise ValueError
    finally:
        y = 2
def lam():
    f = lambda x: x + 1
    f(1)
    class C:
        a = 1
        def m(self):
            return self.a
    C().m()
def deco(f): return f
def decorated():
    @deco
    def inner(
        a=1
    ):
        return a
    inner()
def cont():
    for i in range(3):
        if i == 1:
            continue
        i
def asserts():
    x = 1
    assert x, "m"
    del x
    def f(): pass
    f()
def matchs(v):
    match v:
        case 1:
            r = 1
        case [a, b]:
            r = 2
        case _:
            r = 3
    return r
def nested():
    x = 1
    def f():
        nonlocal x
        x = 2
        return x
    return f()
for f in (simple, tries, unwinds, with_, lam, decorated, cont, asserts, nested): run(f)
run(matchs, [1, 2])
run(matchs, 3)
