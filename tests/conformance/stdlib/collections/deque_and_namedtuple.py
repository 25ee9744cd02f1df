from collections import deque, namedtuple
d = deque([1, 2, 3], maxlen=4)
d.append(4)
d.appendleft(0)
print(d, d.pop(), d.popleft(), d[0], len(d), d.maxlen, 2 in d, list(reversed(d)))
d.extend([7, 8, 9])
d.rotate(1)
print(d, d.index(8), d.count(9), d.copy() == d)
d.extendleft("ab")
d.insert(1, "i") if len(d) < 4 else d.remove("a")
d.reverse()
del d[0]
d[0] = "set"
print(d, deque("abc") + deque("d"), deque([1]) * 3, deque([1, 2]) < deque([1, 3]))
for action in (
    lambda: deque().pop(), lambda: deque()[0], lambda: deque([1]).remove(2), lambda: deque(5),
    lambda: deque([1], -1), lambda: deque([1, 2], 2).insert(0, 1), lambda: hash(deque()),
):
    try:
        action()
    except (IndexError, ValueError, TypeError) as error:
        print(type(error).__name__, error)
try:
    q = deque([1, 2])
    for x in q:
        q.append(x)
except RuntimeError as error:
    print(error)
P = namedtuple("P", ["x", "y"])
print(P(1, 2), P(y=1, x=2).x, P.__doc__, P(1, 2) < P(1, 3), P._field_defaults)
for action in (
    lambda: P(1), lambda: P(1, 2, 3), lambda: namedtuple("Q", "a a"), lambda: namedtuple("Q", "class"),
    lambda: namedtuple("Q", "_x"), lambda: P(1, 2)._replace(z=1),
):
    try:
        print(action())
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
print(namedtuple("R", "a class a", rename=True)._fields)
