g = (x * x for x in range(5) if x % 2)
print(list(g), list(g), g.__name__)
print(sum(x for x in range(10)), any(x > 3 for x in range(5)), ",".join(str(x) for x in "abc"))
nested = ((x, y) for x in range(3) for y in range(x))
print(list(nested))
def source():
    print("iterated at once")
    return [1, 2]
later = (print("body", x) for x in source())
print("created")
list(later)
try:
    (x for x in 5)
except TypeError as error:
    print(error)
n = 10
lazy = (x + n for x in range(2))
n = 100
print(list(lazy))
print(dict((k, v) for k, v in [("a", 1)]), sorted((c for c in "hello"), reverse=True))
