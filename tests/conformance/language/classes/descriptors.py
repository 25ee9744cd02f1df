class Typed:
    def __init__(self, kind):
        self.kind = kind
    def __set_name__(self, owner, name):
        print("set_name", owner.__name__, name)
        self.name = "_" + name
    def __get__(self, obj, owner=None):
        return self if obj is None else getattr(obj, self.name, "unset")
    def __set__(self, obj, value):
        if not isinstance(value, self.kind):
            raise TypeError(f"{self.name[1:]} must be {self.kind.__name__}")
        setattr(obj, self.name, value)
    def __delete__(self, obj):
        delattr(obj, self.name)

class Point:
    x = Typed(int)
    label = Typed(str)

p = Point()
print(p.x)
p.x, p.label = 3, "origin"
print(p.x, p.label, vars(p), type(Point.x).__name__)
try:
    p.x = "no"
except TypeError as error:
    print(error)
del p.x
print(p.x)
class NonData:
    def __get__(self, obj, owner):
        return "from descriptor"
class C:
    n = NonData()
c = C()
print(c.n, C.n)
c.__dict__["n"] = "from instance"
print(c.n)
p.__dict__["x"] = "hidden by the data descriptor"
print(p.x)
