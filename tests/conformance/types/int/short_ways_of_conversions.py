# What the interpreter does itself for common ints is what the functions do for all: at every edge, for subclasses, errors.
class Sub(int):
    pass


class Speaks(int):
    def __format__(self, spec):
        return f"<{spec}>"

    def __index__(self):
        return 3


def show(f, *args):
    for _ in range(3):
        try:
            result = f(*args)
        except Exception as error:
            result = f"{type(error).__name__}: {error}"
    print(repr(result))


numbers = [0, 1, -1, 9, 10, -255, 2**31, 2**60 - 1, -(2**60), 2**61, 2**63, -(2**64), 3**50, True, Sub(77), Speaks(5)]
for number in numbers:
    for f in (hex, oct, bin, hash, lambda n: ~n, lambda n: -n, lambda n: n.bit_length(), lambda n: n.bit_count(), float):
        show(f, number)
specs = ["", "x", "X", "b", "o", "d", "5", "05", "0", "00", "010x", "20b", "020b", "99d", "099", "100d", "n", ",", "_x",
         "#x", "+d", " d", "<5", "05.1", "c", "5s", "1 ", "é", "x5", "e"]
for spec in specs:
    for number in (0, 7, -7, 123456, -(2**60), 2**70, True, Speaks(5)):
        show(format, number, spec)
        show(lambda: f"{number:{spec}}")
for text in ("0", "12", "-12", "+12", "0x1f", "0X1F", "1F", "0b101", "0o17", "_1", "1_0", " 1", "", "0x", "-", "-0x1f", "7" * 20,
             "f" * 15, "f" * 16, "1" * 60, "1" * 61, "٣", "z"):
    for base in (0, 1, 2, 8, 10, 16, 36, 37, -1, True):
        show(int, text, base)
for number in (0, 1, 255, 256, 2**60, 2**63, 2**64 - 1, 2**512 - 1, -1, True, Sub(300)):
    for args in ((), (0,), (1,), (2, "big"), (2, "little"), (8,), (64, "little"), (65,), (-1,), (4, "middle"), (True,), (4.0,)):
        show(lambda: number.to_bytes(*args))
for method in (int.to_bytes, int.bit_count, int.bit_length):
    show(method, 1.5)
    show(method, "1")
    show(method, None)
for a in (0, 1, 2, -3, 10, 2**31, 2**60, 2**70, True, Sub(5)):
    for b in (0, 1, 2, 5, 63, 64, 200, -1, True, 2**40 if abs(a) < 2 else 3):
        show(pow, a, b)
        show(lambda: a**b)
        for m in (1, 2, 7, -7, 0, 2**31, 2**32 + 15, 2**61, None, 1.5):
            show(pow, a, b, m)
for a in (0, 5, 2**60, 2**64, 2**64 - 1, 10**30, 10**200 + 7, -(10**30), Sub(2**70)):
    for b in (1, 2, 7, 2**31, 2**60, -1, 0, True, Sub(3), 2**64):
        show(lambda: a // b)
        show(lambda: a % b)
