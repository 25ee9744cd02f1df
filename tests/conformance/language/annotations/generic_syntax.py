def first[T](items: list[T]) -> T:
    return items[0]
class Box[T, *Ts, **P]:
    def __init__(self, v): self.v = v
    def get[U: (int, str)](self, u: U = None) -> T: return self.v
type Alias[K, V = int] = dict[K, list[V]]
type Plain = int | str
print(first([5, 6]), first.__type_params__, Box.__type_params__, Box(3).get())
print(Box.get.__type_params__[0].__constraints__)
print(Alias, Alias.__type_params__, Alias.__value__, Alias[str, int], Plain.__value__)
T = Alias.__type_params__
print(T[1].__default__, T[0].has_default(), type(T[0]).__name__, T[0].__name__, T[0].__bound__)
print(Box.__orig_bases__, Box[int, str, [bool]])
type Recursive = list[Recursive]
print(Recursive.__value__)
class Child[T: int](list[T]):
    pass
print(Child.__mro__[1] is list, Child.__type_params__[0].__bound__)
