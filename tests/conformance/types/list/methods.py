l = [3, 1, 2]
l.append(5)
l.extend((7, 8))
l.insert(0, "first")
l.insert(-1, "near end")
l.insert(100, "end")
print(l, l.pop(), l.pop(0), l.pop(-2), l)
l.remove(5)
l.reverse()
print(l, l.index(1), l.count(3), l.copy() == l, l.copy() is l)
l.sort()
print(l, sorted([3, 1, 2], reverse=True), l.index(2, 1), l.index(3, -3, 99))
l.clear()
print(l, list("abc"), list(range(3)), list({"k": 1}), list(), [1, 2] + [3], [0] * 3, 2 * [1, 2], [[]] * 2)
for action in (lambda: [].pop(), lambda: [1].pop(5), lambda: [1].remove(2), lambda: [1].index(2), lambda: [1].pop("x"), lambda: [1].insert("x", 1), lambda: [1].append(), lambda: [1].extend(5), lambda: [1] + (2,), lambda: [1] * "x", lambda: [1] * 1.5, lambda: [1].append(x=1), lambda: [1].nothing, lambda: list(5), lambda: list(1, 2), lambda: hash([]), lambda: [1].index(), lambda: [1].sort(5), lambda: [1].insert(1), lambda: list(x=[])):
    try:
        print(action())
    except (IndexError, ValueError, TypeError, AttributeError) as error:
        print(type(error).__name__, error)
