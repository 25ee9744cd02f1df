l = list(range(10))
l[0] = "a"
l[1:3] = ["b", "c", "d"]
l[5:5] = [50, 51]
l[-1:] = []
l[::3] = ["x"] * len(l[::3])
del l[0], l[-1], l[2:4], l[::2]
l[:] = range(4)
l[len(l):] = "yz"
l[2:2] = l
for action in (
    lambda: l[100], lambda: l[-100], lambda: l["a"], lambda: l[1.0], lambda: l[None],
    lambda: l.__setitem__(100, 1), lambda: l.__delitem__(100), lambda: l.__setitem__(slice(0, 4, 2), [1]),
    lambda: l[::0], lambda: l.__setitem__(slice(0, 1), 5), lambda: l["a":], lambda: l.__setitem__("a", 1),
    lambda: l.__delitem__("a"), lambda: l[1, 2], lambda: l[10 ** 30],
    lambda: l.__setitem__(slice(None, None, 2), 5),
):
    try:
        print(action())
    except (IndexError, ValueError, TypeError) as error:
        print(type(error).__name__, error)
