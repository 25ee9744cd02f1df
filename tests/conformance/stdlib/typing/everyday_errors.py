from typing import *
T = TypeVar("T", bound=int)
class Box(Generic[T]):
    def __init__(self, v: T) -> None: self.v = v
class Movie(TypedDict, total=False):
    title: Required[str]
    year: int
@runtime_checkable
class Closer(Protocol):
    def close(self) -> None: ...
for action in (
    lambda: Optional[int, str], lambda: Union[()], lambda: List[int, str], lambda: isinstance(5, List[int]),
    lambda: Any(), lambda: T(), lambda: Generic[int], lambda: Literal(), lambda: Closer(),
    lambda: Callable[int], lambda: assert_never(5), lambda: Box[int, str], lambda: TypeVar("X", int),
    lambda: Movie(1),
):
    try:
        print(action())
    except (TypeError, AssertionError) as error:
        print(type(error).__name__, error)
