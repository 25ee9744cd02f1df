# `throw` into a generator that delegates leaves the exception that the caller handles alone.
import sys


class Source:
    def __iter__(self):
        return self

    def __next__(self):
        return 1

    def throw(self, *error):
        print("thrown", repr(sys.exception()))
        return 2


def plain():
    yield from Source()


def handling():
    try:
        raise KeyError("own")
    except KeyError:
        yield from Source()
        print("after", repr(sys.exception()))


for make in (plain, handling):
    try:
        1 / 0
    except ZeroDivisionError:
        generator = make()
        next(generator)
        print(generator.throw(ValueError()), repr(sys.exception()))
        print(next(generator), repr(sys.exception()))
        try:
            raise
        except BaseException as error:
            print(repr(error), repr(error.__context__))
    print(sys.exception())
