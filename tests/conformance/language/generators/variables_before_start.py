"""What a generator or coroutine that has not started shows of its closure and cells."""
import inspect
def f(a):
    b = 2
    def g(c):
        yield a + b + c
        d = lambda: c
    async def h(e):
        return a, (lambda: e)
    b = 3
    return g, h
g,h=f(1)
x=g(5); print(inspect.getgeneratorlocals(x), x.gi_frame.f_locals, x.gi_frame.f_lasti >= 0); print(next(x)); print(inspect.getgeneratorlocals(x))
y=h(7); print(inspect.getcoroutinelocals(y)); y.close()
