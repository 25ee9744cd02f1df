class Stack[T: int = str](list):
    def push(self, item: T) -> None:
        self.append(item)


type Pair[A] = tuple[A, A]


def first[T](xs: list[T], default=None) -> T:
    return xs[0]
