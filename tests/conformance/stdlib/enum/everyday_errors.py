from enum import Enum, IntEnum, Flag, IntFlag, StrEnum, auto, unique
class Color(Enum):
    RED = 1
    GREEN = 2
    CRIMSON = 1
    def describe(self): return f"{self.name} is {self.value}"
def dup():
    @unique
    class D(Enum):
        A = 1
        B = 1
def sub():
    class X(Color): pass
def again():
    class T(Enum):
        A = 1
        A = 2
for action in (
    lambda: Color(9), lambda: Color["NO"], lambda: Color.NO, dup, sub, again,
    lambda: setattr(Color, "RED", 5), lambda: Color.RED < Color.GREEN, lambda: Color(),
    lambda: setattr(Color.RED, "value", 2),
):
    try:
        action()
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        print(type(error).__name__, error)
