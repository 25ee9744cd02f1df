for i in range(3):
    if i == 5:
        break
else:
    print("for else")
for i in range(3):
    if i == 1:
        break
else:
    print("not printed")
print(i)
n = 3
while n:
    n -= 1
    if n == 1:
        continue
    print("n", n)
else:
    print("while else")
for x in []:
    pass
else:
    print("empty else")
def find(matrix, wanted):
    for r, row in enumerate(matrix):
        for c, v in enumerate(row):
            if v == wanted:
                return r, c
    return None
print(find([[1, 2], [3, 4]], 3), find([[1]], 9))
items = [1, 2, 3, 4]
for x in items:
    if x == 2:
        items.remove(x)
print(items)
grow = [1]
for x in grow:
    if len(grow) < 5:
        grow.append(x + 1)
print(grow)
while True:
    break
for a.b in [] if False else []:
    pass
try:
    for x in 5:
        pass
except TypeError as error:
    print(error)
d = {1: 1}
try:
    for k in d:
        d[k + 1] = 1
except RuntimeError as error:
    print(error)
s = {1}
try:
    for k in s:
        s.add(k + 1)
except RuntimeError as error:
    print(error)
