l = [1, 2, 3]
it = iter(l)
print(next(it), it.__length_hint__(), list(it), list(it), type(it).__name__, type(reversed(l)).__name__)
print(list(reversed(l)))
out = []
l = [1, 2, 3, 4]
for x in l:
    out.append(x)
    if x < 3:
        l.append(x * 10)
print(out)
l = [1, 2, 3, 4]
for x in l:
    l.pop()
print(l)
l = list(range(5))
for i, x in enumerate(l):
    if x % 2 == 0:
        del l[i]
print(l)
r = reversed([1, 2, 3])
print(next(r), list(r))
import copy, pickle
it = iter([1, 2, 3])
next(it)
print(list(copy.copy(it)), list(pickle.loads(pickle.dumps(it))), list(it))
class EvilEq:
    def __eq__(self, other):
        target.clear()
        return False
target = [EvilEq(), 1, 2]
print(5 in target, target)
target = [EvilEq(), EvilEq()]
try:
    target.remove(3)
except ValueError as error:
    print(error)
