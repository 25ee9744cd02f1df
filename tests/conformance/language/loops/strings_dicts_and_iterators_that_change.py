# Loops over strings, dicts, ranges and lists, by themselves and through iterators that others move as well.
for text in ("", "a", "äöü", "日本", "x\U0001f600y", "a\udc80"):
    print([character for character in text].__repr__().encode("ascii", "backslashreplace").decode(), end=" ")
    for character in text:
        pass
    print(len([c for c in text]), [ascii(c) for c in text] == [ascii(text[i]) for i in range(len(text))])


class Text(str):
    def __iter__(self):
        return iter("other")


print([c for c in Text("text")], [c for c in str.__iter__(Text("text"))])


def moved(iterator):
    seen = []
    for item in iterator:
        seen.append((item, next(iterator, "end")))
    return seen, next(iterator, "over")


print(moved(iter([1, 2, 3])), moved(iter(range(3))), moved(iter("abc")), moved(iter((1, 2, 3))))
print(moved(iter({1: 2, 3: 4})), moved(iter({1: 2, 3: 4}.values())), moved(iter({1: 2}.items())))
print(moved(reversed([1, 2, 3])), moved(reversed(range(3))), moved(iter({7})), moved(n for n in range(3)))


def growing(items):
    seen = []
    for item in items:
        seen.append(item)
        if len(items) < 4:
            items.append(item * 2)
    items.append("late")
    return seen


print(growing([1]))
items = [1]
iterator = iter(items)
print([item for item in iterator], items.append(2), list(iterator))


def keys_changed(change):
    counts = {"a": 1, "b": 2}
    try:
        for key in counts:
            change(counts, key)
    except RuntimeError as error:
        print(error)
    try:
        for value in counts.values():
            change(counts, value)
    except RuntimeError as error:
        print(error)
    print(counts)


keys_changed(lambda counts, key: counts.pop(key, None))
keys_changed(lambda counts, key: counts.setdefault("new", 3))
keys_changed(lambda counts, key: counts.update(a=5))
print([key for key in {}], [value for value in {}.values()], sorted(key for key in {2: 1, 1: 2}))


class Namespace:
    pass


space = Namespace()
space.one, space.two = 1, 2
print([name for name in vars(space)], [value for value in space.__dict__.values()])

big = 2**62 - 2
print([number for number in iter(range(big, big + 4))], [n for n in range(big, big + 4)])
print(list(number for number in range(2**63, 2**63 + 2)), [c for c in "ab" for d in "cd" if c < d])
print(max(3, 1), min(3, 1, 2), max("a", "b"), max(1, True), min(True, 1), max((1, 2), (1, 3)), max(1.0, 1))
print(sorted([3, 1, 2]), sorted("bca", reverse=True), sorted([1, -2, 3], key=abs), sorted({2: 0, 1: 0}.items()))
for text in ("12", "-7", "+7", "0", "-0", "007", "1_000", " 5 ", "９", "999999999999999999", "-9999999999999999999", "1" * 30):
    print(int(text), end=" ")
print()
for text in ("", "-", "+-1", "1.0", "0x10", "1__0", "_1", "1_", "--1", "a", "1 2", "é"):
    try:
        int(text)
    except ValueError as error:
        print(error)
