d = {"a": 1, "b": 2}
d["c"] = 3
d.update({"a": 10}, e=5)
d.update([("f", 6)])
del d["b"]
d |= [("q", 1)]
d.clear()
for action in (
    lambda: d["x"], lambda: d.pop("x"), lambda: {}.popitem(), lambda: {[]: 1}, lambda: d.__delitem__("x"),
    lambda: dict(5), lambda: dict([1]), lambda: dict([(1, 2, 3)]), lambda: dict(["ab", "c"]),
    lambda: d.update(5), lambda: d < {}, lambda: d | 5, lambda: d.get(), lambda: hash(d), lambda: d[{}],
    lambda: {}.fromkeys(5), lambda: dict([("a", 1)], [2]), lambda: d.get([]), lambda: [] in d,
    lambda: {}.nothing, lambda: d[1:2], lambda: d.update([(1,)]), lambda: d.pop(), lambda: d[1, 2],
):
    try:
        print(action())
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        print(type(error).__name__, error)
