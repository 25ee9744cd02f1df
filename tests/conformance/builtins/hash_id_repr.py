class C: pass
c = C()
print(hash(c) == hash(c), id(c) == id(c), id([]) != id(c), repr(5), repr("x"), repr([1, "a"]))
print(repr({"a": (1,)}), repr(None), repr(1.0), repr(b"b"), repr(range(3)), repr({1}), repr(frozenset({1})))
print(repr(slice(1)), repr(type), repr(bytearray(b"x")), repr(Ellipsis), repr(1j), repr(True))
class R:
    def __repr__(self): return "custom"
print([R()], (R(),), {R(): R()}, {"k": R()}, f"{R()}", str(R()), "%r %s" % (R(), R()))
class Deep:
    def __repr__(self): return repr([self.inner])
d = Deep()
d.inner = {"x": [1, {"y": (2, 3)}]}
print(d)
class Fails:
    def __repr__(self): raise ValueError("repr fails")
try:
    repr([Fails()])
except ValueError as error:
    print(error)
