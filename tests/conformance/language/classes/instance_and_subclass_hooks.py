class Even(type):
    def __instancecheck__(cls, obj):
        return isinstance(obj, int) and obj % 2 == 0
    def __subclasscheck__(cls, sub):
        return sub is int
class E(metaclass=Even):
    pass
print(isinstance(4, E), isinstance(3, E), issubclass(int, E), issubclass(str, E))
print(isinstance(1, (str, (float, int))), isinstance(1, int | str), issubclass(bool, int | None))
print(isinstance(None, int | None))
for action in (
    lambda: isinstance(1, 5), lambda: issubclass(1, int), lambda: isinstance(1, [int]),
    lambda: isinstance(1, list[int]),
):
    try:
        action()
    except TypeError as error:
        print(error)
from abc import ABC, abstractmethod
class Shape(ABC):
    @abstractmethod
    def area(self): ...
    @property
    @abstractmethod
    def name(self): ...
class Half(Shape):
    def area(self): return 1
class Full(Half):
    name = "full"
for C in (Shape, Half, Full):
    try:
        print(C().area())
    except TypeError as error:
        print(error)
Shape.register(int)
print(isinstance(5, Shape), issubclass(int, Shape), Shape.__abstractmethods__ == {"area", "name"})
