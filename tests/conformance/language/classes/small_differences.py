# Corners of types: what is subscripted, iterated, assigned and deleted, and with which words.
import types
import warnings
import weakref
from typing import ParamSpec

print(types.GeneratorType[int], types.CoroutineType[int, str, bytes], types.AsyncGeneratorType[int])
for value in (int | str, __import__("re").match("a", "a")):
    try:
        list(value)
    except TypeError as error:
        print(error)


class Slotted:
    __slots__ = ("a",)


class Plain:
    pass


try:
    Slotted().a
except AttributeError as error:
    print(error)
plain = Plain()
plain.x = 1
del plain.__dict__
print(plain.__dict__, hasattr(plain, "x"))
plain.y = 2
print(plain.__dict__)


class Reference(weakref.ref):
    pass


first, second = Reference(plain), weakref.ref(plain)
third = Reference(plain)
print(weakref.getweakrefs(plain)[0] is second, weakref.getweakrefcount(plain))
print(ParamSpec("P", bound=(int, 5)).__bound__, ParamSpec("P").__bound__)


def generator():
    yield


def function():
    return 5


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    function.__code__ = generator.__code__
    generator.__code__ = (lambda: 5).__code__
    generator.__code__ = (lambda: 6).__code__
print([str(warning.message) for warning in caught])
for name in ("__globals__", "__closure__", "__builtins__"):
    try:
        setattr(function, name, {})
    except AttributeError as error:
        print(name, error)
for call in (lambda: str(b"x", "utf-8", "ignore", encoding="ascii"), lambda: str(b"x", "utf-8", encoding="ascii"),
             lambda: int("5", 10, base=5), lambda: "a".split(",", 1, sep=" "), lambda: bytes(1, 2, 3, source=4)):
    try:
        call()
    except TypeError as error:
        print(error)
