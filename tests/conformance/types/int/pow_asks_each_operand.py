# Each operand of pow() is asked: the left one, the right one, then the third.
class Asked:
    def __pow__(self, other, modulus=None):
        print("__pow__", other, modulus)
        return NotImplemented

    def __rpow__(self, other, modulus=None):
        print("__rpow__", other, modulus)
        return NotImplemented

    def __repr__(self):
        return "Asked()"


class Answers(Asked):
    def __rpow__(self, other, modulus=None):
        return other, modulus


a, b = Asked(), Answers()
for arguments in [(2, 3, a), (a, 2, 3), (2, a, 3), (a, a, a), (a, b, 5), (2, b, 5), (2, b), (b, a, 1), (2, 3, 1.5), (2, 3, 2j),
                  (2.0, 3, 4), (2j, 1, 2), (2, 3, "x"), ("x", 1, 2), (1, 2, None), (2, 3.0, a), (2, "x", a)]:
    try:
        print(pow(*arguments))
    except Exception as error:
        print(f"{type(error).__name__}: {error}")
