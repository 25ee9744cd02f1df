# Events of compiling, running and looking into code.
import gc
import marshal
import re
import sys
import types

from _events import show


def text(value):
    return re.sub("0x[0-9a-f]+", "0x*", repr(value))


def look(label, function, noise=()):
    show(label, function, noise, text)


def f(a=1, *, b=2):
    pass


def generator():
    yield


async def coroutine():
    pass


async def agen():
    yield


code = compile("1", "file", "eval")
look("eval", lambda: eval("1"))
look("exec", lambda: exec("x = 1"))
look("exec of bytes", lambda: exec(b"x = 1"))
look("eval of code", lambda: eval(code))
look("exec of code", lambda: exec(code))
look("compile", lambda: compile(" 1", "file", "eval"))
look("compile bad", lambda: compile("(", "file", "exec"), noise=("open",))
look("function", lambda: types.FunctionType(code, {}))
look("read", lambda: (f.__code__, f.__defaults__, f.__kwdefaults__, f.__closure__, f.__globals__, f.__name__))
look("code", lambda: setattr(f, "__code__", (lambda a: a).__code__), noise=("object.__getattr__",))
look("defaults", lambda: setattr(f, "__defaults__", (1,)))
look("no defaults", lambda: setattr(f, "__defaults__", None))
look("kwdefaults", lambda: setattr(f, "__kwdefaults__", {"b": 1}))
look("no kwdefaults", lambda: delattr(f, "__kwdefaults__"))
look("bad defaults", lambda: setattr(f, "__defaults__", 1))

g = generator()
look("generator", lambda: (g.gi_code, g.gi_frame, g.gi_yieldfrom, g.gi_running))
c = coroutine()
look("coroutine", lambda: (c.cr_code, c.cr_frame, c.cr_await))
c.close()
a = agen()
look("async generator", lambda: (a.ag_code, a.ag_frame))

look("frame", lambda: sys._getframe().f_code)
look("no frame", lambda: sys._getframe(1000))
look("module name", lambda: sys._getframemodulename(1))
try:
    1 / 0
except ZeroDivisionError as error:
    caught = error
look("traceback", lambda: (caught.__traceback__.tb_frame, caught.__traceback__.tb_lineno))


class A:
    pass


class B:
    pass


class C(A):
    pass


for name, value in [
    ("__name__", "X"),
    ("__qualname__", "Y"),
    ("__module__", "m"),
    ("__bases__", (B,)),
    ("__doc__", "words"),
    ("__type_params__", ()),
    ("__abstractmethods__", frozenset()),
    ("__annotations__", {}),
    ("other", 1),
]:
    look(name, lambda: setattr(C, name, value))
look("descriptor", lambda: type.__dict__["__bases__"].__set__(C, (A,)))
look("native", lambda: setattr(int, "__name__", "x"))
thing = A()
look("class", lambda: setattr(thing, "__class__", B))
look("other class", lambda: setattr(thing, "__class__", 1))

look("marshal", lambda: marshal.loads(marshal.dumps(None)))
look("marshal 2", lambda: marshal.dumps(1, 2))
look("gc", lambda: (gc.get_objects(generation=0), gc.get_referents(1, 2), gc.get_referrers()))
look("frames", lambda: (sys._current_frames(), sys._current_exceptions()))
look("tracing", lambda: (sys.settrace(None), sys.setprofile(None)))
look("hooks", lambda: sys.set_asyncgen_hooks(None, None))
look("hook", lambda: sys.set_asyncgen_hooks(firstiter=None))
look("monitoring", lambda: sys.monitoring.register_callback(1, 1, None))
print([event for event, _ in __import__("_events").events(lambda: id(1))])
