l = list(range(10))
print(l[0], l[-1], l[2:5], l[:3], l[7:], l[::2], l[::-1], l[8:2:-2], l[-3:-1], l[100:], l[5:2], l[:-100])
print(l[True])
l[0] = "a"
l[1:3] = ["b", "c", "d"]
l[5:5] = [50, 51]
l[-1:] = []
l[::3] = ["x"] * len(l[::3])
print(l)
del l[0], l[-1], l[2:4], l[::2]
print(l)
l[:] = range(4)
l[len(l):] = "yz"
l[2:2] = l
print(l)
print(l[10 ** 30:], l[-10 ** 30:1], l[slice(1, 3)])
