class C:
    x = 1
c = C()
print(getattr(c, "x"), getattr(c, "y", "default"), hasattr(c, "x"), hasattr(c, "y"), setattr(c, "y", 2), c.y)
print(delattr(c, "y"), hasattr(c, "y"), vars(c), callable(C), callable(5), callable(len), id(c) == id(c))
print(isinstance(c, C), issubclass(C, object), hash("a") == hash("a"), type(c).__name__, dir(C)[-1], repr(C))
print(ascii("é"))
class Raises:
    @property
    def p(self): raise ValueError("not an AttributeError")
    @property
    def q(self): raise AttributeError("from q")
class D:
    def __dir__(self): return ["z", "a"]
print(dir(D()), "x" in dir(), len(dir()) > 3)
