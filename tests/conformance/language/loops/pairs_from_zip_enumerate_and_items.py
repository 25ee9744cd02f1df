# A loop that takes two variables from zip, enumerate or items sees what a loop over tuples sees.


def both(iterable):
    parts = []
    for left, right in iterable:
        parts.append((left, right))
    return parts


def whole(iterable):
    for pair in iterable:
        first, second = pair
        yield pair, first, second, type(pair).__name__


print(both(zip("abc", range(3))), both(zip([1, 2, 3], (4, 5))), both(zip("", "ab")))
print(both(enumerate("ab")), both(enumerate("ab", 2**62 - 1)), both(enumerate([], 5)))
print(both({"x": 1, "y": 2}.items()), both({}.items()))
print(list(whole(zip("ab", "cd"))), list(whole({1: 2}.items())), list(whole(enumerate("z"))))

# Other targets than two variables.
for index, (a, b) in enumerate(zip("ab", "cd")):
    print(index, a, b, end=" ")
for a, *b in zip("ab", "cd"):
    print(a, b, end=" ")
for [a, b] in {1: 2}.items():
    print(a, b)
try:
    for a, b, c in zip("ab", "cd"):
        pass
except ValueError as error:
    print(error)
try:
    for a, b in zip("ab", "cd", "ef"):
        pass
except ValueError as error:
    print(error)


class Place:
    def __init__(self):
        self.seen = []

    def __setitem__(self, key, value):
        self.seen.append((key, value))


place = Place()
for place[0], place.last in zip("ab", "cd"):
    pass
print(place.seen, place.last)


# The same site sees several kinds of iterables.
print([both(iterable) for iterable in (zip("a", "b"), [(1, 2)], {3: 4}.items(), ((5, 6),), enumerate("c"))])


def changing(dict):
    for key, value in dict.items():
        print(key, value, end=" ")
        dict[key + 1] = value


try:
    changing({1: 2})
except RuntimeError as error:
    print(error)


def strict(zipped):
    for left, right in zipped:
        print(left, right, end=" ")
        zipped.__setstate__(True)


try:
    strict(zip("ab", "c"))
except ValueError as error:
    print(error)


class Failing:
    def __iter__(self):
        return self

    def __next__(self):
        raise KeyError("next")


for make in (lambda: zip("ab", Failing()), lambda: enumerate(Failing())):
    try:
        both(make())
    except KeyError as error:
        print("raised", error)


class Louder(zip):
    def __next__(self):
        return tuple(str(part) * 2 for part in super().__next__())


class Later(enumerate):
    def __next__(self):
        index, item = super().__next__()
        return item, index


print(both(Louder("ab", "cd")), both(Later("ab")))


# What the loop has taken stays, and the iterator goes on where the loop stopped.
def partly(pairs):
    for left, right in pairs:
        if right == 1:
            break
    return left, right, list(pairs)


print(partly(zip("abc", range(3))), partly(enumerate([0, 1, 2])), partly(iter({"k": 1, "l": 2}.items())))
print([left + right for left, right in zip([1, 2], [10, 20])], {v: k for k, v in {"a": 1}.items()})
