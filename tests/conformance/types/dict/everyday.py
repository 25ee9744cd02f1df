d = {"a": 1, "b": 2}
d["c"] = 3
d.update({"a": 10}, e=5)
d.update([("f", 6)])
print(d, len(d), d["a"], d.get("x"), d.get("x", 0), "a" in d, list(d), list(d.values()), list(d.items()))
print(d.pop("a"), d.pop("zz", "default"), d.setdefault("b", 9), d.setdefault("new", []), d.popitem())
del d["b"]
print(d, d.copy() == d, dict(a=1), dict([(1, 2)]), dict({"x": 1}, y=2), dict.fromkeys("ab", 0))
print(dict.fromkeys([1, 2]), {1: "a", 1.0: "b", True: "c"}, d | {"z": 1}, {"z": 0} | d)
d |= [("q", 1)]
d.clear()
print(d, bool(d), dict(zip("ab", [1, 2])), {**{"a": 1}, "a": 2}, list(reversed({"a": 1, "b": 2})))
print({"a": 1} == {"a": 1.0}, {"a": 1, "b": 2} == {"b": 2, "a": 1}, {} != {1: 1})
