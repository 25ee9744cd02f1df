import json
data = {"name": "Zoë", "n": 1, "f": 1.5, "big": 10 ** 20, "list": [True, False, None, "q\"\\\n\t\x00"], "tuple": (1, 2), "empty": {}, "e": []}
print(json.dumps(data))
print(json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
print(json.dumps(data, indent=2))
print(json.dumps([1, [2, {"a": []}]], indent="\t"), json.dumps({1: 2, None: 3, True: 4, 1.5: 5, "s": 6}))
print(json.dumps("\u2028😀"), json.dumps([float("nan"), float("inf"), -0.0, 1e100, 1e16, 0.1]))
class P:
    def __init__(self): self.x = 1
print(json.dumps([P()], default=vars), json.dumps({(1, 2): 3, "a": 1}, skipkeys=True), json.dumps(1.0))
print(json.dumps("é"), json.dumps(None))
class E(json.JSONEncoder):
    def default(self, o):
        return {"set": sorted(o)} if isinstance(o, set) else super().default(o)
print(json.dumps({"s": {3, 1}}, cls=E), list(json.JSONEncoder().iterencode([1, {"a": 2}])))
loop = []
loop.append(loop)
