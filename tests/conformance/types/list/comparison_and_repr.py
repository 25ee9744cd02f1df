print([1, 2] == [1, 2], [1, 2] == (1, 2), [1, 2] < [1, 3], [1] < [1, 0], [] < [1], [1, "a"] != [1, "b"])
print([2] > [1, 99], [1, 2] <= [1, 2], [[1], [2]] == [[1.0], [2]])
l = [1, "a", None, 2.5, [3], {"k": [1]}, (1,), {1}, b"b", True, ...]
print(l, str(l) == repr(l))
l = [1]
l.append(l)
print(l, l[1] is l)
d = {}
d["self"] = d
d["list"] = [d]
print(d)
t = ([],)
t[0].append(t)
print(t)
try:
    [1] < ["a"]
except TypeError as error:
    print(error)
try:
    [1] < 5
except TypeError as error:
    print(error)
print([float("nan")] == [float("nan")], 3 in [1, 2, 3.0], [1] in [[1], [2]], [] == [], [None] == [None])
class E:
    def __eq__(self, o): return True
print([E()] == [5], 5 in [E()], [5].index(E()), [1, 2, 3].count(E()))
