d = {"a": 1, "b": 2}
d["c"] = 3
d.update({"a": 10}, e=5)
d.update([("f", 6)])
print(d, len(d), d["a"], d.get("x"), d.get("x", 0), "a" in d, list(d), list(d.values()), list(d.items()), d.pop("a"), d.pop("zz", "default"), d.setdefault("b", 9), d.setdefault("new", []), d.popitem())
del d["b"]
print(d, d.copy() == d, dict(a=1), dict([(1, 2)]), dict({"x": 1}, y=2), dict.fromkeys("ab", 0), dict.fromkeys([1, 2]), {1: "a", 1.0: "b", True: "c"}, d | {"z": 1}, {"z": 0} | d)
d |= [("q", 1)]
d.clear()
print(d, bool(d), dict(zip("ab", [1, 2])), {**{"a": 1}, "a": 2}, list(reversed({"a": 1, "b": 2})), {"a": 1} == {"a": 1.0}, {"a": 1, "b": 2} == {"b": 2, "a": 1}, {} != {1: 1})
for action in (lambda: d["x"], lambda: d.pop("x"), lambda: {}.popitem(), lambda: {[]: 1}, lambda: d.__delitem__("x"), lambda: dict(5), lambda: dict([1]), lambda: dict([(1, 2, 3)]), lambda: dict(["ab", "c"]), lambda: d.update(5), lambda: d < {}, lambda: d | 5, lambda: d.get(), lambda: hash(d), lambda: d[{}], lambda: {}.fromkeys(5), lambda: dict([("a", 1)], [2]), lambda: d.get([]), lambda: [] in d, lambda: {}.nothing, lambda: d[1:2], lambda: d.update([(1,)]), lambda: d.pop(), lambda: d[1, 2]):
    try:
        print(action())
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        print(type(error).__name__, error)
