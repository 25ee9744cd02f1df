class Shape:
    count = 0
    def __init__(self, sides):
        self.sides = sides
    @classmethod
    def square(cls):
        cls.count += 1
        return cls(4)
    @staticmethod
    def describe(n):
        return f"{n} sides"
    @classmethod
    @property
    def broken(cls):
        return 1

class Fancy(Shape):
    pass
s = Fancy.square()
print(type(s).__name__, s.sides, Fancy.count, Shape.count, s.describe(3), Shape.describe(5))
print(Shape.square.__self__.__name__, Shape.__dict__["describe"].__func__ is Shape.describe)
print(type(Shape.__dict__["square"]).__name__, type(Shape.__dict__["describe"]).__name__)
static = staticmethod(len)
print(static("four"))
print(type(Shape.broken).__name__)
