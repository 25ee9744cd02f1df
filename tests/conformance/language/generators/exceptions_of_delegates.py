# What is thrown through a delegate gets its context; a delegate that cannot be asked for `close` is left alone.
import sys


def inner():
    yield


def outer():
    try:
        raise KeyError("a")
    except KeyError:
        yield from inner()


generator = outer()
generator.send(None)
try:
    generator.throw(ValueError("b"))
except ValueError as error:
    print(repr(error.__context__), error.__context__.__context__)


def handles():
    try:
        yield
    except ValueError:
        raise TypeError("c")


def around():
    try:
        raise KeyError("a")
    except KeyError:
        yield from handles()


generator = around()
generator.send(None)
try:
    generator.throw(ValueError("b"))
except TypeError as error:
    print(repr(error.__context__), repr(error.__context__.__context__))


class Broken:
    def __repr__(self):
        return "<broken>"

    def __iter__(self):
        return self

    def __next__(self):
        return 1

    def __getattr__(self, name):
        1 / 0


def delegates():
    yield from Broken()


sys.unraisablehook = lambda args: print(args.err_msg, repr(args.exc_value), args.object)
generator = delegates()
print(next(generator))
print(generator.close())
generator = delegates()
print(next(generator))
try:
    generator.throw(AttributeError)
except ZeroDivisionError as error:
    print(repr(error))
