# A generator's rounds are calls and returns of their own; what it throws and returns is seen where it is driven.
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
def gen():
    try:
        yield 1
        "c"
        yield 2
    finally:
        "f"
def gens():
    for x in gen():
        x
    g = gen()
    next(g)
    g.close()
    a = list(gen())
    b = [i for i in gen()]
def outer():
    r = yield from gen()
    return 5
def delegates():
    for x in outer():
        x
async def co():
    return 1
async def co2():
    x = await co()
    return x
def asy():
    c = co2()
    try: c.send(None)
    except StopIteration as e: e.value
for f in (gens, delegates, asy): run(f)
