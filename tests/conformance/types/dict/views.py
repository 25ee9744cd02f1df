d = {"a": 1, "b": 2, "c": 3}
k, v, i = d.keys(), d.values(), d.items()
print(k, v, i, len(k), "a" in k, ("a", 1) in i, 2 in v, list(reversed(k)), list(reversed(i)))
d["d"] = 4
print(k, sorted(k & {"a", "z"}), sorted(k | ["z"]), sorted(k - {"a"}), sorted(k ^ {"a", "q"}))
print(k == {"a", "b", "c", "d"}, k >= {"a"}, k.isdisjoint("xyz"), sorted(i & {("a", 1)}))
print(k < {"a", "b", "c", "d", "e"})
print(k.mapping["a"], type(k.mapping).__name__, type(k).__name__, type(iter(v)).__name__, v == d.values())
print(i == d.items(), {"x": 1}.keys() == {"x": 2}.keys())
