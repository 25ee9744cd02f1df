"""Iterators: objects that give their values one by one."""

mystr = "banana"
myit = iter(mystr)
print(next(myit), next(myit), next(myit), *myit)

for x in ("apple", "banana", "cherry"):
    print(x)


# __iter__ and __next__ make an iterator.
class MyNumbers:
    def __init__(self, stop):
        self.stop = stop

    def __iter__(self):
        self.a = 1
        return self

    def __next__(self):
        if self.a > self.stop:
            raise StopIteration
        x = self.a
        self.a += 1
        return x


numbers = MyNumbers(5)
it = iter(numbers)
print(next(it), next(it), list(it), next(it, "exhausted"))
print("from the start again:", list(numbers), "sum", sum(numbers), "max", max(numbers))


# An iterable may give a new iterator each time.
class Grid:
    def __init__(self, width, height):
        self.width, self.height = width, height

    def __iter__(self):
        for y in range(self.height):
            for x in range(self.width):
                yield x, y

    def __len__(self):
        return self.width * self.height

    def __contains__(self, point):
        x, y = point
        return 0 <= x < self.width and 0 <= y < self.height


grid = Grid(3, 2)
print(len(grid), list(grid), (2, 1) in grid, (5, 5) in grid)
print([(a, b) for a in Grid(2, 1) for b in Grid(2, 1)])


# The old protocol: only __getitem__.
class Countdown:
    def __getitem__(self, index):
        if index > 3:
            raise IndexError
        return 3 - index


print(*Countdown(), 2 in Countdown())

# iter(callable, sentinel) calls until it sees the sentinel.
lines = iter(["first", "second", "", "never seen"])
print(list(iter(lambda: next(lines), "")))

# What the language and the library build on iterators.
print(dict(zip("abc", MyNumbers(3))), list(enumerate("xy", 1)))
print(list(map(len, ["a", "bb"])), list(reversed([1, 2, 3])))
first, *rest, last = MyNumbers(6)
print(first, rest, last)

import itertools

print(list(itertools.chain("ab", [1, 2])), list(itertools.islice(itertools.count(10, 5), 4)), list(itertools.pairwise("abcd")))
words = ["apple", "avocado", "banana", "blueberry", "cherry"]
for key, group in itertools.groupby(words, key=lambda word: word[0]):
    print(key, list(group))
