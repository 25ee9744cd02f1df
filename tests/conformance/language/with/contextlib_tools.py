from contextlib import contextmanager, suppress, ExitStack, closing, redirect_stdout, nullcontext
import io

@contextmanager
def tag(name):
    print("open", name)
    try:
        yield name.upper()
    except ZeroDivisionError:
        print("division swallowed")
    finally:
        print("close", name)

with tag("a") as t:
    print(t)
with tag("b"):
    1 / 0
with suppress(KeyError, IndexError):
    [][0]
with ExitStack() as stack:
    names = [stack.enter_context(tag(n)) for n in "xy"]
    stack.callback(print, "callback")
    print(names)
buffer = io.StringIO()
with redirect_stdout(buffer):
    print("captured")
print(repr(buffer.getvalue()))
class C:
    def close(self): print("closed")
with closing(C()), nullcontext(5) as n:
    print(n)
@contextmanager
def never():
    return
    yield
try:
    with never():
        pass
except RuntimeError as error:
    print(error)
@tag("decorator")
def f():
    print("in f")
f()
