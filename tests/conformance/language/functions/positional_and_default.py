def f(a, b=2, c="three"):
    return a, b, c

print(f(1))
print(f(1, 5))
print(f(1, c=9))
print(f(c=1, a=2))
print(f(*[7, 8, 9]), f(**{"a": 1, "b": 0}))

def remember(item, into=[]):
    into.append(item)
    return into

print(remember(1), remember(2), remember.__defaults__)
