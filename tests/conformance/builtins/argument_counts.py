# Too few, too many and unknown arguments of built-in functions, in CPython's words.
import struct


def told(action):
    try:
        action()
    except TypeError as error:
        print(error)


class L(list):
    pass


class I(int):
    pass


bound = L().append
for action in (
    lambda: struct.Struct("b", "b"), lambda: "a".encode(1, 2, 3), lambda: "a".encode(a=1, b=2, c=3),
    lambda: "a".encode("utf8", a=1, b=2), lambda: [].sort(1, 2, 3), lambda: [].sort(1),
    lambda: enumerate([], 1, 2), lambda: compile(1, 2, 3, 4, 5, 6, 7, 8, 9), lambda: compile(a=1),
    lambda: (1).to_bytes(1, 2, 3, 4), lambda: (1).to_bytes(1, "big", 3), lambda: (1).to_bytes(x=1),
    lambda: sum([], 1, 2), lambda: sum(start=1), lambda: sum([], start=1, x=2), lambda: memoryview(1, 2),
    lambda: int(1, 2, 3), lambda: str(1, 2, 3, 4), lambda: zip(stric=True), lambda: map(a=1, b=2),
    lambda: sorted(), lambda: sorted([], revers=1), lambda: sorted([], a=1, b=2, c=3), lambda: L().append(),
    lambda: bound(), lambda: I.__init_subclass__(1), lambda: print(1, 2, a=3), lambda: open(),
):
    told(action)
print(str.maketrans.__qualname__, str.maketrans.__self__, str.maketrans.__module__)
