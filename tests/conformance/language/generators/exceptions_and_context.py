def g():
    try:
        yield 1
    except ValueError:
        yield "in handler"
        raise
    finally:
        yield "in finally"
it = g()
next(it)
print(it.throw(ValueError("v")))
print(next(it))
try:
    next(it)
except ValueError as error:
    print("raised again", error)
import sys
def context():
    yield sys.exception()
    yield sys.exception()
c = context()
print(next(c))
try:
    raise KeyError("outside")
except KeyError:
    print(repr(next(c)))
print(sys.exception())
def keeps():
    try:
        raise IndexError("inside")
    except IndexError:
        yield sys.exception()
        yield sys.exception()
k = keeps()
print(repr(next(k)), sys.exception(), repr(next(k)))
def with_resource():
    class R:
        def __enter__(self): print("enter")
        def __exit__(self, *a): print("exit", a[0])
    with R():
        yield 1
        yield 2
w = with_resource()
next(w)
w.close()
