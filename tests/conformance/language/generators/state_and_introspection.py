def g(a):
    b = a + 1
    yield b
    c = b + 1
    yield c

it = g(1)
print(it.gi_frame.f_locals, it.gi_running, it.gi_suspended, it.gi_code.co_name)
next(it)
print(it.gi_frame.f_locals, it.gi_suspended, it.gi_frame.f_lineno - it.gi_code.co_firstlineno)
next(it)
print(it.gi_frame.f_locals)
list(it)
print(it.gi_frame, it.gi_suspended)
import inspect
it = g(1)
print(inspect.getgeneratorstate(it))
next(it)
print(inspect.getgeneratorstate(it), inspect.getgeneratorlocals(it))
it.close()
print(inspect.getgeneratorstate(it))
it.__name__ = "renamed"
print(it.__name__, repr(it).startswith("<generator object g at 0x"), g.__code__.co_flags & 0x20)
