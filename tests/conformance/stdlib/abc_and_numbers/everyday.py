import collections.abc as c, numbers
print(isinstance([], c.Sequence), isinstance({}, c.Mapping), isinstance({1}, c.Set))
print(isinstance("x", c.Iterable), isinstance(5, c.Hashable), isinstance([], c.Hashable))
print(isinstance(iter([]), c.Iterator), isinstance((x for x in ()), c.Generator), isinstance(len, c.Callable))
print(isinstance(5, numbers.Integral), isinstance(1.5, numbers.Real), isinstance(1j, numbers.Number))
print(isinstance(b"", c.Buffer), issubclass(dict, c.MutableMapping))
class S(c.Sequence):
    def __init__(self, *items): self.items = items
    def __len__(self): return len(self.items)
    def __getitem__(self, i): return self.items[i]
s = S(1, 2, 3, 2)
print(2 in s, s.index(3), s.count(2), list(reversed(s)), list(s))
class M(c.MutableMapping):
    def __init__(self): self.d = {}
    def __getitem__(self, k): return self.d[k]
    def __setitem__(self, k, v): self.d[k] = v
    def __delitem__(self, k): del self.d[k]
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)
m = M()
m.update(a=1, b=2)
print(m.pop("a"), m.setdefault("c", 3), dict(m), m.get("zz"), "b" in m, list(m.items()))
print(m == {"b": 2, "c": 3}, m.popitem(), list(m.keys()))
class T(c.Set):
    def __init__(self, it): self.s = list(dict.fromkeys(it))
    def __contains__(self, x): return x in self.s
    def __iter__(self): return iter(self.s)
    def __len__(self): return len(self.s)
print(sorted(T([1, 2]) | T([3])), sorted(T([1, 2]) & [2]), T([1]) <= T([1, 2]), T([1]) == {1})
print(sorted(T([1, 2]) ^ T([2, 3])))
class Incomplete(c.Sequence): pass
try:
    Incomplete()
except TypeError as error:
    print(error)
