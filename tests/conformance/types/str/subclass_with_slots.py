# A subclass of str may have __slots__; those of int, bytes and tuple may not.
import gc


class Line(str):
    __slots__ = "raw", "parts"

    def __new__(cls, raw):
        self = super().__new__(cls, raw.strip())
        self.raw = raw
        self.parts = raw.split()
        return self


lines = [Line(f" a b é{i} ") for i in range(100)]
gc.collect()
print(lines[7], repr(lines[7].raw), lines[7].parts, {lines[7]: 1}["a b é7"])
for use in lambda: setattr(lines[0], "other", 1), lambda: lines[0].__dict__:
    try:
        use()
    except AttributeError as error:
        print(error)
del lines[0].raw
try:
    lines[0].raw
except AttributeError as error:
    print(error)


class More(Line):
    pass


more = More(" x ")
more.other = 2
print(more.raw, more.other, more.__dict__)
for base in int, bytes, tuple:
    try:
        type("Sub", (base,), {"__slots__": ("a",)})
    except TypeError as error:
        print(error)
