import copy
l = [1, [2, 3], {"k": [4]}, (5, [6])]
s, d = copy.copy(l), copy.deepcopy(l)
l[1].append("x")
print(s, d, s[1] is l[1], d[1] is l[1], d[3][1] is l[3][1], copy.copy((1, 2)) == (1, 2))
print(copy.deepcopy({1: {2}}), copy.copy(5), copy.deepcopy("s"), copy.deepcopy(len) is len)
print(copy.copy(print) is print)
a = []
pair = [a, a]
p = copy.deepcopy(pair)
print(p[0] is p[1], p[0] is a)
class N:
    def __init__(self): self.me = self; self.d = {"k": self}
n = copy.deepcopy(N())
print(n.me is n, n.d["k"] is n)
class L(list): pass
x = L([1, [2]])
x.note = [3]
y = copy.deepcopy(x)
print(type(y).__name__, y, y.note, y.note is x.note, copy.replace.__doc__ is not None)
class NoCopy:
    def __reduce_ex__(self, p): raise TypeError("cannot be copied")
