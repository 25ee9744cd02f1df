import warnings
async def f():
    return 1
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    c = f()
    del c
    import gc
    gc.collect()
    gc.collect()
print([(w.category.__name__, str(w.message)) for w in caught])
c = f()
try:
    c.send(None)
except StopIteration as stop:
    print(stop.value)
async def again():
    await c
a = again()
try:
    a.send(None)
except RuntimeError as error:
    print(error)
c = f()
try:
    c.send(5)
except TypeError as error:
    print(error)
c.close()
import inspect
print(inspect.iscoroutinefunction(f), inspect.iscoroutine(c), inspect.getcoroutinestate(c))
