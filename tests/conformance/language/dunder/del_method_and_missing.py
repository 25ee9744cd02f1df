class D(dict):
    def __missing__(self, key):
        self[key] = f"made {key}"
        return self[key]
d = D(a=1)
print(d["a"], d["b"], d, d.get("c"))
class Sub(dict):
    def __getitem__(self, k): return "sub " + k
s = Sub(x=1)
print(s["x"], s.get("x"), dict(s), "%(x)s" % s, "{x}".format_map(s), list(s.values()))
class L(list):
    def __len__(self): return 100
    def __getitem__(self, i): return "item"
    def __iter__(self): return iter("abc")
l = L([1, 2])
print(len(l), l[0], list(l), l, [*l], l + [3], sorted(l))
class S(str):
    def upper(self): return "custom"
    def __add__(self, o): return "added"
print(S("a").upper(), S("a") + "b", S("a").lower(), type(S("a").lower()).__name__)
print(type(S("a").strip()).__name__, S("x") == "x", {S("x"): 1}["x"])
class I(int):
    def __add__(self, o): return "I.add"
    def __repr__(self): return "I!"
print(I(1) + 1, 1 + I(1), I(5) * 2, [I(3)], f"{I(3)}", str(I(3)), sum([I(1), I(2)]) if False else "")
