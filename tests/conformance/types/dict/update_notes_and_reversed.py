# What dict.update notes on errors of its elements, and a reversed iterator over a table that was exchanged.
def show(argument):
    try:
        {}.update(argument)
    except Exception as error:
        print(type(error).__name__, error, getattr(error, "__notes__", None))


def raising(error):
    yield "key"
    raise error


show([object()])
show([(1, 2), raising(TypeError("late"))])
show([raising(ValueError("late"))])
show([(1, 2, 3)])
show([(1, 2), "abc"])
show(1)

d = {f"k{i}": i for i in range(1000)}
for i in range(1, 1000):
    del d[f"k{i}"]
iterators = reversed(d), reversed(d.values()), reversed(d.items())
d.clear()
d["k0"] = 0
print([list(iterator) for iterator in iterators])


class Counts(int):
    hashes = 0

    def __hash__(self):
        Counts.hashes += 1
        return hash(int(self))


d = {Counts(i): None for i in range(10)}
Counts.hashes = 0
set(d), frozenset(d), set().union(d)
print(Counts.hashes)
