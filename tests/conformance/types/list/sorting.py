words = ["banana", "kiwi", "Apple", "fig", "cherry"]
print(sorted(words), sorted(words, key=len), sorted(words, key=str.lower, reverse=True))
print(sorted(words, key=lambda w: (len(w), w)))
pairs = [(i % 3, i) for i in range(10)]
pairs.sort(key=lambda p: p[0])
print(pairs)
pairs.sort(key=lambda p: p[0], reverse=True)
print(pairs)
import random
random.seed(1)
data = [random.randrange(1000) for _ in range(500)]
s = sorted(data)
print(all(a <= b for a, b in zip(s, s[1:])), sum(s) == sum(data), sorted([2.5, 1, True, -3]))
print(sorted([(1, "b"), (1, "a")]), sorted("hello"))
l = [3, 1, 2]
def mutate(x):
    l.append(9)
    return x
try:
    l.sort(key=mutate)
except ValueError as error:
    print(error)
seen = []
l = [2, 1, 3]
l.sort(key=lambda x: seen.append(len(l)) or x)
print(l, seen)
class Rev:
    def __init__(self, v): self.v = v
    def __lt__(self, o): return o.v < self.v
print([r.v for r in sorted(map(Rev, [1, 3, 2]))])
partly = list(range(50)) + list(range(25)) + list(range(60, 20, -1))
print(sorted(partly) == sorted(sorted(partly), reverse=False), sorted(partly)[:8])
print(sorted(range(10), key=lambda x: -x % 4))
