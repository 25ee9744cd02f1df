from enum import Enum, IntEnum, Flag, IntFlag, StrEnum, auto, unique
class Color(Enum):
    RED = 1
    GREEN = 2
    CRIMSON = 1
    def describe(self): return f"{self.name} is {self.value}"
print(Color.RED, repr(Color.RED), Color(2), Color["GREEN"], Color.CRIMSON is Color.RED, list(Color))
print(Color.RED.describe(), len(Color), Color.RED in Color, 1 in Color, Color.RED == 1)
print(Color.__members__.keys(), hash(Color.RED) == hash(Color.RED), Color.RED.name)
print(isinstance(Color.RED, Color))
class N(IntEnum):
    ONE = auto()
    TWO = auto()
class S(StrEnum):
    A = auto()
    B = "bee"
class P(Flag):
    R = auto()
    W = auto()
    X = auto()
    ALL = R | W | X
print(N.ONE + 1, N.TWO > N.ONE, N(2), f"{N.ONE}", repr(N.ONE), S.A, S.B.upper(), repr(S.A), P.R | P.W)
print(repr(P.R | P.X), P.R in P.ALL, ~P.R, P(0), list(P.ALL), bool(P(0)), P.ALL & ~P.W)
print(IntFlag("F", "A B").B | 8)
print(Enum("Made", ["X", "Y"]).Y.value, Enum("Made2", {"Q": "q"}).Q)
class Planet(Enum):
    EARTH = (5.97, 6.37)
    def __init__(self, mass, radius): self.mass = mass
print(Planet.EARTH.mass, Planet.EARTH.value)
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
