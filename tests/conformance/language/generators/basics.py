def count_up_to(n):
    count = 1
    while count <= n:
        yield count
        count += 1
    return "done"

g = count_up_to(3)
print(next(g), next(g), next(g), next(g, "default"))
print(list(count_up_to(5)), sum(count_up_to(100)), max(count_up_to(4)))
g = count_up_to(1)
next(g)
try:
    next(g)
except StopIteration as stop:
    print(stop.value)
try:
    next(g)
except StopIteration as stop:
    print(stop.value)
print(iter(g) is g, g.__name__, g.__qualname__, type(g).__name__)
a, b, *c = count_up_to(5)
print(a, b, c, 3 in count_up_to(5), dict(zip("ab", count_up_to(2))))
