import pickle
data = {"a": [1, 2.5, None, True, "é", b"b", (1, 2), {3}, frozenset([4]), 2 ** 100, 1j, range(3), slice(1, 2), ..., int, len]}
for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    assert pickle.loads(pickle.dumps(data, protocol)) == data, protocol
print(pickle.dumps([1, "a"], 0), pickle.dumps((1, "x"), 2), pickle.dumps({"k": 1}, 4))
class P:
    def __init__(self, x): self.x = x
    def __eq__(self, o): return self.x == o.x
class S:
    __slots__ = ("v",)
class R:
    def __reduce__(self): return (P, (9,))
class G:
    def __init__(self): self.keep, self.drop = 1, 2
    def __getstate__(self): return {"keep": self.keep}
    def __setstate__(self, state): self.__dict__.update(state, restored=True)
class D(dict): pass
s = S(); s.v = [1]
d = D(k=1); d.attr = 2
print(pickle.loads(pickle.dumps(P([1]))) == P([1]), pickle.loads(pickle.dumps(s)).v)
print(pickle.loads(pickle.dumps(R())).x, vars(pickle.loads(pickle.dumps(G()))), pickle.loads(pickle.dumps(d)))
print(pickle.loads(pickle.dumps(d)).attr)
l = []; l.append(l)
m = pickle.loads(pickle.dumps(l))
print(m[0] is m, [x is y for x, y in [pickle.loads(pickle.dumps((d, d)))]])
print(repr(pickle.loads(pickle.dumps(ValueError("m", 1)))))
print(pickle.loads(pickle.dumps(P.__init__)) is P.__init__)
import io
buf = io.BytesIO()
pickle.dump(1, buf); pickle.dump("two", buf)
buf.seek(0)
print(pickle.load(buf), pickle.load(buf))
class Pers(pickle.Pickler):
    def persistent_id(self, o): return "pid" if isinstance(o, P) else None
class UnPers(pickle.Unpickler):
    def persistent_load(self, pid): return f"loaded {pid}"
buf = io.BytesIO(); Pers(buf).dump([P(1)]); buf.seek(0)
print(UnPers(buf).load())
