from collections import Counter, defaultdict, OrderedDict, ChainMap
c = Counter("mississippi")
print(c, c.most_common(2), c["z"], c + Counter("ms"), c - Counter("sss"), c & Counter("ssp"))
print(c | Counter("zzzzz"), sorted(c.elements())[:5], c.total(), +Counter(a=1, b=-1))
print(Counter(a=2) == Counter(a=2, b=0))
c.update("mm")
c.subtract("i")
del c["p"]
print(c)
d = defaultdict(list)
d["a"].append(1)
print(d, d["b"], len(d), d.get("zz"), "zz" in d, defaultdict(int, x=1)["y"], defaultdict(None, {1: 2}))
try:
    defaultdict(None)["x"]
except KeyError as error:
    print(repr(error))
try:
    defaultdict(5)
except TypeError as error:
    print(error)
o = OrderedDict(a=1, b=2, c=3)
o.move_to_end("a")
print(o, o.popitem(last=False), o == OrderedDict(c=3, a=1), OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1))
print(list(reversed(o)))
m = ChainMap({"a": 1}, {"a": 2, "b": 3})
m["c"] = 5
print(m["a"], m["b"], m.maps, sorted(m), m.new_child({"b": 0})["b"], len(m))
