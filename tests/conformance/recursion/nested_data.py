# Very deep data: built, compared, copied, printed, dropped. How deep each of them may go is up to the implementation.
import copy, json, pickle, marshal
def nest(kind, n=20000):
    x = kind()
    for _ in range(n):
        if kind is list: x = [x]
        elif kind is tuple: x = (x,)
        elif kind is dict: x = {"k": x}
        else: x = frozenset([x])
    return x
def end(action):
    try:
        action()
    except (RecursionError, MemoryError, ValueError):
        pass
    return "survived"
for kind in (list, tuple, dict):
    a, b = nest(kind), nest(kind)
    print(kind.__name__, end(lambda: repr(a)), end(lambda: a == b), end(lambda: copy.deepcopy(a)))
    print(end(lambda: json.dumps(a)), end(lambda: pickle.dumps(a)), end(lambda: str(a)))
    print(end(lambda: "%r" % (a,)))
t = nest(tuple)
print(end(lambda: hash(t)), end(lambda: t < nest(tuple)), end(lambda: isinstance(1, t)))
print(end(lambda: "x".startswith(nest(tuple, 10)) if False else None), end(lambda: marshal.dumps(nest(list))))
l = []
l.append(l)
m = []
m.append(m)
print(end(lambda: l == m), repr(l), l == l)
class N:
    pass
head = None
for _ in range(50000):
    n = N()
    n.next = head
    head = n
del head, n, a, b, t
print("dropped")
