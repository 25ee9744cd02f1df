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
print(Box[int], Box(5).v, Named("a"), Named._field_defaults, Movie(title="x"), Movie.__required_keys__, isinstance(C(), Closer), isinstance(5, Closer), get_type_hints(Box.__init__), Optional[int], Union[int, str, int], List[int], Dict[str, int], Callable[[int], str], Any, Literal[1, "a"], Tuple[int, ...], ClassVar[int], Final[int], Annotated[int, "meta"].__metadata__, get_args(Dict[str, int]), get_origin(List[int]), cast(int, "x"), T, T.__bound__, NewType("UserId", int)(5), Self, Never, TypeAlias)
@overload
def f(x: int) -> int: ...
@overload
def f(x: str) -> str: ...
def f(x): return x
print(f(1), len(get_overloads(f)), assert_type(5, int), reveal_type.__name__, no_type_check(f) is f, is_typeddict(Movie), final(C) is C, ForwardRef("int"), typing.TYPE_CHECKING, ParamSpec("P"), TypeVarTuple("Ts"))
for action in (lambda: Optional[int, str], lambda: Union[()], lambda: List[int, str], lambda: isinstance(5, List[int]), lambda: Any(), lambda: T(), lambda: Generic[int], lambda: Literal(), lambda: Closer(), lambda: Callable[int], lambda: assert_never(5), lambda: Box[int, str], lambda: TypeVar("X", int), lambda: Movie(1)):
    try:
        print(action())
    except (TypeError, AssertionError) as error:
        print(type(error).__name__, error)
