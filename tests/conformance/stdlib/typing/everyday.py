import typing
from typing import *
T = TypeVar("T", bound=int)
class Box(Generic[T]):
    def __init__(self, v: T) -> None: self.v = v
class Named(NamedTuple):
    name: str
    age: int = 3
class Movie(TypedDict, total=False):
    title: Required[str]
    year: int
@runtime_checkable
class Closer(Protocol):
    def close(self) -> None: ...
class C:
    def close(self): pass
print(Box[int], Box(5).v, Named("a"), Named._field_defaults, Movie(title="x"), Movie.__required_keys__)
print(isinstance(C(), Closer), isinstance(5, Closer), get_type_hints(Box.__init__), Optional[int])
print(Union[int, str, int], List[int], Dict[str, int], Callable[[int], str], Any, Literal[1, "a"])
print(Tuple[int, ...], ClassVar[int], Final[int], Annotated[int, "meta"].__metadata__)
print(get_args(Dict[str, int]), get_origin(List[int]), cast(int, "x"), T, T.__bound__)
print(NewType("UserId", int)(5), Self, Never, TypeAlias)
@overload
def f(x: int) -> int: ...
@overload
def f(x: str) -> str: ...
def f(x): return x
print(f(1), len(get_overloads(f)), assert_type(5, int), reveal_type.__name__, no_type_check(f) is f)
print(is_typeddict(Movie), final(C) is C, ForwardRef("int"), typing.TYPE_CHECKING, ParamSpec("P"))
print(TypeVarTuple("Ts"))
