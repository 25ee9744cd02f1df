# An exception that cannot be made is raised in the generator; a finished generator's frame has no caller.
class Odd(Exception):
    def __new__(cls, *args):
        return cls


def catching():
    try:
        yield 1
    except TypeError as error:
        yield str(error)


generator = catching()
next(generator)
print(generator.throw(Odd))


def plain():
    yield


generator = plain()
try:
    generator.throw(Odd)
except TypeError as error:
    print("outside", error)
print(list(generator))
generator = plain()
frame = generator.gi_frame
list(generator)
print(frame.f_back)
