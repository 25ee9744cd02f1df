"""types.CodeType makes code from the parts of other code."""
import sys
import types
import warnings

FIELDS = """argcount posonlyargcount kwonlyargcount nlocals stacksize flags code consts names varnames filename name
qualname firstlineno linetable exceptiontable freevars cellvars""".split()


def parts(code):
    return [getattr(code, "co_" + field) for field in FIELDS]


def again(function, **changes):
    fields = dict(zip(FIELDS, parts(function.__code__))) | changes
    code = types.CodeType(*fields.values())
    return types.FunctionType(code, function.__globals__, None, function.__defaults__, function.__closure__)


def plain(a, b=2, /, c=3, *args, d=4, **kw):
    "doc"
    x = [i + a for i in range(b)]
    return x, c, args, d, kw


def closes(a, b):
    c = a * 2

    def inner(d):
        nonlocal c
        c += d + b
        return a, c
    return inner


def generates(n):
    try:
        for i in range(n):
            yield i
        1 / 0
    except ZeroDivisionError as e:
        yield str(e)
    finally:
        yield "end"


class A:
    def method(self):
        return __class__, super().__init__


plain2 = again(plain)
plain2.__kwdefaults__ = {"d": 5}
print(plain2(1), plain2(1, 2, 3, 4, d=6, e=7), plain2.__doc__)
print(again(closes)(1, 2)(3), again(closes(1, 2))(3))
print(list(again(generates)(2)))
print(again(A.method)(A())[0])
print(again(plain, name="other", qualname="A.other").__qualname__, again(plain, firstlineno=100).__code__.co_firstlineno)
print(again(plain).__code__ == plain.__code__, hash(again(plain).__code__) == hash(plain.__code__))
print(parts(again(closes).__code__) == parts(closes.__code__))


def fails():
    pass

    raise ValueError


try:
    again(fails)()
except ValueError as e:
    print(e.__traceback__.tb_next.tb_lineno - fails.__code__.co_firstlineno)

code = (lambda: 0).__code__
for at, value in ((0, "x"), (0, -1), (3, 1), (3, -1), (6, "x"), (6, b"a"), (7, []), (8, []), (8, (1,)), (9, (1,)), (10, 1),
                  (11, b""), (13, "x"), (14, 1), (15, None), (9, ("x",)), (16, []), (17, []), (16, (1,)), (17, (1,))):
    given = parts(code)
    given[at] = value
    try:
        types.CodeType(*given)
    except (TypeError, ValueError) as e:
        print(FIELDS[at], type(e).__name__, e)
try:
    code.replace(co_nlocals=3)
except ValueError as e:
    print(e)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(type(code.co_lnotab).__name__, [(w.category.__name__, str(w.message)) for w in caught])
print(list(fails.__code__.replace(co_linetable=b"").co_lines()))


def branches(y):
    if y:
        return 1
    while y is None:
        y = 2
    return 3


lines = {start: line for start, _, line in branches.__code__.co_lines()}
places = [position[0] for position in branches.__code__.co_positions()]
for start, left, right in branches.__code__.co_branches():
    print(*(places[offset // 2] - branches.__code__.co_firstlineno for offset in (start, left, right)))
    break
print(list(code.co_branches()))
