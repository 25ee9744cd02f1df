import gc, weakref
class C: pass
def gen():
    c = C()
    yield weakref.ref(c)
    yield c
g = gen()
r = next(g)
gc.collect()
print(r() is not None, next(g) is r())
def keeps():
    c = C()
    def inner(): return c
    return inner, weakref.ref(c)
f, r = keeps()
gc.collect()
print(f() is r())
def raises():
    local = C()
    refs.append(weakref.ref(local))
    raise ValueError
refs = []
try:
    raises()
except ValueError as error:
    gc.collect()
    print(refs[0]() is error.__traceback__.tb_next.tb_frame.f_locals["local"])
gc.collect(); gc.collect(); gc.collect()
print(refs[0]())
import threading
def thread():
    local = C()
    refs.append(weakref.ref(local))
    started.set()
    go.wait()
    refs.append(local is refs[1]())
started, go = threading.Event(), threading.Event()
t = threading.Thread(target=thread)
t.start(); started.wait(); gc.collect(); go.set(); t.join()
print(refs[2])
