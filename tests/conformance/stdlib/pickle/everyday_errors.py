import pickle
data = {"a": [1, 2.5, None, True, "é", b"b", (1, 2), {3}, frozenset([4]), 2 ** 100, 1j, range(3), slice(1, 2), ..., int, len]}
for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    assert pickle.loads(pickle.dumps(data, protocol)) == data, protocol
class P:
    def __init__(self, x): self.x = x
    def __eq__(self, o): return self.x == o.x
l = []; l.append(l)
m = pickle.loads(pickle.dumps(l))
import io
buf = io.BytesIO()
pickle.dump(1, buf); pickle.dump("two", buf)
buf.seek(0)
class Pers(pickle.Pickler):
    def persistent_id(self, o): return "pid" if isinstance(o, P) else None
buf = io.BytesIO(); Pers(buf).dump([P(1)]); buf.seek(0)
for action in (
    lambda: pickle.dumps(lambda: 1), lambda: pickle.dumps(x for x in ()), lambda: pickle.loads(b""),
    lambda: pickle.loads(b"xyz"), lambda: pickle.loads(b"\x80\x05."), lambda: pickle.dumps(1, 99),
    lambda: pickle.load(buf), lambda: pickle.loads(5), lambda: pickle.loads(b"cnowhere\nx\n."),
):
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__, str(error).split(" at 0x")[0])
