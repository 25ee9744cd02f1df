def f(*a, **k):
    return a, k
print([*range(3), *"ab"], (*(1, 2), 3), {*[1, 1]}, {**{"a": 1}, "b": 2})
print(f(*[1], *[2], **{"x": 1}, **{"y": 2}))
print(*[1, 2, 3], sep="-")
def g():
    return 1, *[2, 3]
print(g())
def gen():
    x = yield 1, *"ab"
print(next(gen()))
for t in 1, *[2]:
    print(t, end=" ")
print()
try:
    f(**{"x": 1}, **{"x": 2})
except TypeError as error:
    print(error)
try:
    [*5]
except TypeError as error:
    print(error)
try:
    {**5}
except TypeError as error:
    print(error)
try:
    print(*None)
except TypeError as error:
    print(error)
