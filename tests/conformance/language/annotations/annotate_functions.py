# Names, parameters and results of the functions that evaluate annotations.
import types


class format:
    pass


def function(x: format):
    def inner(y: int):
        pass

    return inner


class Class:
    attribute: int

    def method(self, x: format) -> str:
        pass


for annotated in (function, function(1), Class, Class.method):
    annotate = annotated.__annotate__
    print(annotate.__name__, annotate.__qualname__, annotate.__code__.co_varnames, annotated.__annotations__)


class Own:
    attribute: int

    def __annotate__(format):
        return {"attribute": str}


print(Own.__annotate__(1), Own.__annotations__)


def made(format):
    return 1


module = types.ModuleType("module")
for annotated in (function, Class, module):
    annotated.__annotate__ = made
    try:
        annotated.__annotations__
    except TypeError as error:
        print(error)

for source in ("def f(): (x): [y async for y in x]", "class A: x: (await 1)", "def f(x: [y async for y in x]): pass"):
    try:
        compile(source, "<string>", "exec")
    except SyntaxError as error:
        print(error.msg, error.lineno, error.offset)
