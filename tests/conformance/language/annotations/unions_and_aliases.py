print(int | str, int | None, list[int], dict[str, list[int]], tuple[int, ...], type[int], list[int] | None)
u = int | str | int
print(u.__args__, u == (str | int), isinstance(1, u), hash(int | str) == hash(str | int))
a = list[int]
print(a.__origin__, a.__args__, a([1, 2]), a == list[int], a[0] if False else "", type(a).__name__)
import typing
print(typing.get_origin(a), typing.get_args(dict[str, int]), typing.Optional[int], typing.Union[int, str])
print(type(int | str))
for action in (lambda: int | 5, lambda: isinstance(1, list[int]), lambda: list[int][str], lambda: 1 | "x"):
    try:
        action()
    except TypeError as error:
        print(error)
class Meta(type):
    def __or__(cls, other): return "meta or"
class C(metaclass=Meta): pass
print(C | int)
