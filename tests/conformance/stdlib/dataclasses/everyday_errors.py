from dataclasses import dataclass, field, asdict, astuple, replace, fields, FrozenInstanceError, KW_ONLY, InitVar
@dataclass
class P:
    x: int
    y: int = 0
    tags: list = field(default_factory=list, repr=False)
@dataclass(frozen=True, order=True)
class F:
    a: int
    b: str = "b"
@dataclass(slots=True, kw_only=True)
class S:
    v: int
    w: int = 5
    def __post_init__(self): self.w += 1
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
for action in (
    frozen, mutable, order, lambda: P(), lambda: P(1, 2, 3, 4), lambda: asdict(5), lambda: P(1) < P(2),
    lambda: hash(P(1)), lambda: S(1), lambda: replace(P(1), q=1),
):
    try:
        action()
    except (FrozenInstanceError, ValueError, TypeError) as error:
        print(type(error).__name__, error)
