from dataclasses import dataclass, field, asdict, astuple, replace, fields, FrozenInstanceError, KW_ONLY, InitVar
@dataclass
class P:
    x: int
    y: int = 0
    tags: list = field(default_factory=list, repr=False)
print(P(1), P(1) == P(1, 0), P(1) != P(2), P(1, 2).tags, asdict(P(1)), astuple(P(1)), replace(P(1), y=9))
print([f.name for f in fields(P)], P.__match_args__)
@dataclass(frozen=True, order=True)
class F:
    a: int
    b: str = "b"
print(F(1) < F(2), sorted([F(2), F(1)]), hash(F(1)) == hash(F(1)), {F(1): 1})
@dataclass(slots=True, kw_only=True)
class S:
    v: int
    w: int = 5
    def __post_init__(self): self.w += 1
print(S(v=1), hasattr(S(v=1), "__dict__"))
@dataclass
class I(P):
    _: KW_ONLY
    z: InitVar[int] = 3
    total: int = field(init=False)
    def __post_init__(self, z): self.total = self.x + z
print(I(1, z=5), I(2))
def frozen():
    F(1).a = 5
def mutable():
    @dataclass
    class M:
        l: list = []
def order():
    @dataclass
    class O:
        a: int = 1
        b: int
