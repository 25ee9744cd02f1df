"""Generators: functions that pause and resume."""


def count_up_to(n):
    count = 1
    while count <= n:
        yield count
        count += 1


print("loop:", [num for num in count_up_to(5)])

# Calling it runs nothing yet; each next() runs to the following yield.
def noisy():
    print("  started")
    yield "first"
    print("  resumed")
    yield "second"
    print("  finished")


gen = noisy()
print("created")
print(next(gen))
print(next(gen))
print(next(gen, "no more"))


# Values travel in as well.
def running_average():
    total, n, average = 0.0, 0, None
    while True:
        value = yield average
        total += value
        n += 1
        average = total / n


avg = running_average()
next(avg)
print("averages:", [avg.send(v) for v in (10, 20, 60)])


# throw() raises where the generator waits; close() ends it.
def careful():
    try:
        while True:
            try:
                yield "working"
            except ValueError as error:
                yield f"recovered from {error}"
    finally:
        print("  cleaned up")


c = careful()
print(next(c), "|", c.throw(ValueError("bad input")), "|", next(c))
c.close()


# yield from hands over to another generator and takes its result.
def subtotal(numbers):
    total = 0
    for n in numbers:
        total += n
        yield total
    return total


def report(groups):
    for name, numbers in groups.items():
        total = yield from subtotal(numbers)
        yield f"{name}: {total}"


print(list(report({"a": [1, 2], "b": [10, 20, 30]})))


# A pipeline handles one item at a time, however long the input.
def numbers():
    n = 0
    while True:
        yield n
        n += 1


def squares(items):
    for item in items:
        yield item * item


def odd(items):
    return (item for item in items if item % 2)


def take(n, items):
    for _, item in zip(range(n), items):
        yield item


print("pipeline:", list(take(5, odd(squares(numbers())))))


def walk(tree):
    name, *children = tree
    yield name
    for child in children:
        for depth_name in walk(child):
            yield f"{name}/{depth_name}"


print("\n".join(walk(("usr", ("bin",), ("lib", ("python", ("json",)), ("gcc",))))))


def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


print("fibonacci:", *take(15, fibonacci()))
print("sum of a generator expression:", sum(x * x for x in range(1000)))
