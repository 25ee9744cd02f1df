class Base:
    def who(self):
        return ["Base"]
class Left(Base):
    def who(self):
        return ["Left"] + super().who()
class Right(Base):
    def who(self):
        return ["Right"] + super().who()
class Both(Left, Right):
    def who(self):
        return ["Both"] + super().who()

print(Both().who(), [c.__name__ for c in Both.__mro__])
print(issubclass(Both, Base), isinstance(Both(), Right), Both.__bases__ == (Left, Right))
print(Base.__subclasses__())
try:
    class Bad(Base, Left):
        pass
except TypeError as error:
    print(error)
try:
    class Twice(Base, Base):
        pass
except TypeError as error:
    print(error)
try:
    class No(bool):
        pass
except TypeError as error:
    print(error)
try:
    class Layout(int, str):
        pass
except TypeError as error:
    print(error)
print(Both.mro() == list(Both.__mro__), Both.__base__)
