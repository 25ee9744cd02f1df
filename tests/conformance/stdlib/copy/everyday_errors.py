import copy
l = [1, [2, 3], {"k": [4]}, (5, [6])]
s, d = copy.copy(l), copy.deepcopy(l)
a = []
pair = [a, a]
p = copy.deepcopy(pair)
class N:
    def __init__(self): self.me = self; self.d = {"k": self}
n = copy.deepcopy(N())
class L(list): pass
x = L([1, [2]])
x.note = [3]
y = copy.deepcopy(x)
class NoCopy:
    def __reduce_ex__(self, p): raise TypeError("cannot be copied")
for action in (
    lambda: copy.copy(NoCopy()), lambda: copy.deepcopy([NoCopy()]), lambda: copy.deepcopy(x for x in ()),
    lambda: copy.replace(5, x=1), lambda: copy.copy(open.__self__).__name__,
):
    try:
        print(action())
    except TypeError as error:
        print(error)
