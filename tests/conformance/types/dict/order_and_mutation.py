d = {}
for k in "zyx":
    d[k] = k
d["y"] = "again"
print(d)
del d["z"]
d["z"] = "back"
print(list(d))
for k in list(d):
    if k != "y":
        del d[k]
print(d)
d = {i: i for i in range(5)}
for action in ("add", "del", "clear"):
    try:
        for k in d:
            if action == "add":
                d[100 + k] = 1
            elif action == "del":
                del d[k]
            else:
                d.clear()
    except RuntimeError as error:
        print(action, error)
d = {1: 1, 2: 2}
for k in d:
    d[k] = d[k] * 10
print(d)
it = iter(d)
del d[1]
d[3] = 3
try:
    print(list(it))
except RuntimeError as error:
    print(error)
big = {i: str(i) for i in range(5000)}
for i in range(0, 5000, 2):
    del big[i]
print(len(big), next(iter(big)), big[4999], list(big)[:3], 0 in big, sum(big))
big.popitem()
print(list(big)[-1])
keys = [(i * 7919) % 1000 for i in range(1000)]
d = {k: i for i, k in enumerate(keys)}
print(list(d) == keys, all(d[k] == i for i, k in enumerate(keys)))
