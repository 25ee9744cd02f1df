# A lot of garbage of every shape; what is kept stays whole.
import gc
keep = {}
for round_ in range(30):
    for i in range(1000):
        x = {"list": [i, str(i), (i,)], "set": {i}, "f": i * 0.5, "big": 10 ** 30 + i, "fn": lambda i=i: i}
        if i % 100 == 0:
            keep[round_, i] = x
    if round_ % 10 == 0:
        gc.collect()
print(len(keep))
print(all(v["list"] == [i, str(i), (i,)] and v["set"] == {i} and v["f"] == i / 2 and v["big"] - i == 10 ** 30 and v["fn"]() == i for (_, i), v in keep.items()))
def tree(d):
    return (tree(d - 1), tree(d - 1)) if d else ()
def count(t):
    return 1 + sum(map(count, t))
long_lived = tree(14)
print(sum(count(tree(6)) for _ in range(200)), count(long_lived))
text = ""
for i in range(20000):
    text += str(i % 10)
print(len(text), text[-5:])
