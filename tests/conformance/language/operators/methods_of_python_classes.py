# Operators of Python classes: which method is asked, in which order, and what its answer means.
import sys


class Loud:
    def __init__(self, name, answer=None):
        self.name = name
        self.answer = answer

    def say(self, method, other):
        other = getattr(other, "name", other)
        print(f"{self.name}.{method}({other})", end=" ")
        return self.answer if self.answer is not None else f"{self.name}{method}{other}"

    def __repr__(self):
        return f"<{self.name}>"


def method(name):
    def special(self, other):
        return self.say(name, other)

    return special


NAMES = "add sub mul matmul truediv floordiv mod lshift rshift and xor or".split()
for name in NAMES:
    for prefix in "", "r":
        setattr(Loud, f"__{prefix}{name}__", method(prefix + name))
for name in "lt", "le", "eq", "ne", "gt", "ge":
    setattr(Loud, f"__{name}__", method(name))
Loud.__hash__ = object.__hash__


class Other(Loud):
    pass


class Overriding(Loud):
    def __radd__(self, other):
        return self.say("radd!", other)

    def __gt__(self, other):
        return self.say("gt!", other)


def operate(a, b):
    print(a + b, a - b, a * b, a @ b, a / b, a // b, a % b, a << b, a >> b, a & b, a ^ b, a | b)
    print(a < b, a <= b, a == b, a != b, a > b, a >= b)


for _ in range(3):
    operate(Loud("a"), Loud("b"))
operate(Loud("a"), 1)
operate(1.5, Loud("b"))
operate(Loud("a"), Other("o"))
operate(Loud("a"), Overriding("o"))
operate(2, Overriding("o"))


def attempt(function):
    try:
        print(function())
    except Exception as error:
        print(type(error).__name__, error)


# NotImplemented passes on to the other operand, and to nobody if both are of one class.
no, yes = Loud("no", NotImplemented), Other("yes")
for _ in range(2):
    operate(no, yes)
    for action in (
        lambda: no + no,
        lambda: no + 1,
        lambda: 1 + no,
        lambda: no + "s",
        lambda: "s" + no,
        lambda: [1] + no,
        lambda: no * [1],
        lambda: no < no,
        lambda: no < 1,
        lambda: 1 < no,
        lambda: (no == no, no == 1, 1 == no, no != no, no != 1),
        lambda: no % 1,
    ):
        attempt(action)


# Augmented assignment.
class Counter:
    def __init__(self, value):
        self.value = value

    def __iadd__(self, other):
        if other == "decline":
            return NotImplemented
        self.value += other
        return self

    def __add__(self, other):
        return Counter((self.value, other))

    def __sub__(self, other):
        return NotImplemented if other == "decline" else self.value - other

    __isub__ = None


counter = same = Counter(1)
for step in range(3):
    counter += step
print(counter is same, counter.value)
counter += "decline"
print(counter is same, counter.value)
attempt(lambda: counter - "decline")


def subtract():
    global counter
    counter -= 1


attempt(subtract)


class Plain:
    def __sub__(self, other):
        return NotImplemented


def decrease(plain):
    plain -= 1


attempt(lambda: decrease(Plain()))


# Comparisons that jump take the truth of the answer; the answer of a comparison that is kept stays as it is.
class Answer:
    def __init__(self, truth):
        self.truth = truth

    def __bool__(self):
        if self.truth is None:
            raise ValueError("no truth")
        return self.truth


class Compared:
    def __init__(self, answer):
        self.answer = answer

    def __lt__(self, other):
        return self.answer

    __eq__ = __ge__ = __contains__ = __lt__
    __hash__ = None


def jumps(compared):
    taken = []
    if compared < 1:
        taken.append("lt")
    if not compared >= 2:
        taken.append("not ge")
    while compared == 3:
        taken.append("eq")
        break
    if 4 in compared:
        taken.append("in")
    if 5 not in compared:
        taken.append("not in")
    return taken, 6 in compared, 7 not in compared


for answer in (True, False, 0, 1, "", "text", None, [], Answer(True), Answer(False)):
    print(jumps(Compared(answer)))
attempt(lambda: jumps(Compared(Answer(None))))
attempt(lambda: 1 in Compared(Answer(None)))
answer = Answer(None)
print((Compared(answer) < 1) is answer, [Compared(n) < 1 < 2 for n in (0, 1)])


# Items, calls.
class Store:
    def __init__(self):
        self.items = {}

    def __getitem__(self, key):
        return self.items[key]

    def __setitem__(self, key, value):
        self.items[key] = value
        return "ignored"

    def __call__(self, *args, key=None):
        return args, key


store = Store()
for number in range(3):
    store[number] = number * 2
    store[0, number] = store[number] + store[0]
print(store[1], store[0, 2], store(1, 2), store(*[3], key=4), store())
attempt(lambda: store["none"])


# A method that is no plain function, takes other arguments, or is a generator.
class Odd:
    __add__ = staticmethod(lambda other: ("static", other))
    __sub__ = classmethod(lambda cls, other: (cls.__name__, other))

    def __mul__(self, other, more="default"):
        return other, more

    def __truediv__(self, *others):
        return others

    def __mod__(self, other):
        yield other

    def __lt__(self):
        return True

    def __iter__(self):
        return self

    def __next__(self):
        yield 1


odd = Odd()
print(odd + 1, odd - 1, odd * 1, odd / 1, list(odd % 1))
attempt(lambda: odd < 1)
for item in odd:
    print(list(item))
    break


# Iterators.
class Countdown:
    def __init__(self, start, error=StopIteration):
        self.start = start
        self.error = error

    def __iter__(self):
        return self

    def __next__(self):
        if self.start == 0:
            raise self.error
        self.start -= 1
        return self.start


class Done(StopIteration):
    pass


def consume(iterator):
    seen = []
    for item in iterator:
        seen.append(item)
    else:
        seen.append("else")
    return seen, sys.exception()


iterator = Countdown(3)
print(consume(iterator), consume(iterator), consume(Countdown(1, Done)), [n for n in Countdown(2)])
attempt(lambda: consume(Countdown(2, KeyError("stopped"))))
try:
    raise ValueError("handled")
except ValueError as error:
    print([item for item in Countdown(2)], sys.exception() is error)
print([[inner for inner in Countdown(outer)] for outer in Countdown(3)])


def through():
    yield from Countdown(2)
    for item in Countdown(2):
        yield item, item


print(list(through()))


# Classes that change.
class Changing:
    def __add__(self, other):
        return "first"


changing = Changing()
results = []
for number in range(4):
    results.append(changing + number)
    if number == 1:
        Changing.__add__ = lambda self, other: "second"
    elif number == 2:
        del Changing.__add__
        Changing.__radd__ = lambda self, other: "right"
        break
print(results, 1 + changing)
attempt(lambda: changing + 1)


# Where an error came from, and how deep it may go.
class Deep:
    def __init__(self, depth):
        self.depth = depth

    def __add__(self, other):
        if self.depth == 0:
            raise RuntimeError("bottom")
        return Deep(self.depth - 1) + other


try:
    Deep(3) + 1
except RuntimeError as error:
    trace, names = error.__traceback__, []
    while trace:
        names.append(trace.tb_frame.f_code.co_name)
        trace = trace.tb_next
    print(names)


class Endless:
    def __add__(self, other):
        return self + other

    def __eq__(self, other):
        return self == other


for endless in (lambda: Endless() + 1, lambda: Endless() == 1):
    try:
        endless()
    except RecursionError:
        print("RecursionError")


# What loops drive comes from the class's method.
class Holder:
    def __init__(self, items, answer=None):
        self.items = items
        self.answer = answer

    def __iter__(self):
        if self.answer is not None:
            return self.answer
        return iter(self.items)


class Making(Holder):
    def __iter__(self):
        for item in self.items:
            yield item


class Tree(Holder):
    def __iter__(self):
        for item in self.items:
            if isinstance(item, Tree):
                yield from item
            else:
                yield item


class Unlike:
    __iter__ = None


class Failing:
    def __iter__(self):
        raise KeyError("iter")


def each(iterable):
    return [item for item in iterable], list(item for item in iterable), [*delegated(iterable)]


def delegated(iterable):
    result = yield from iterable
    yield result


def walk(iterable):
    total = []
    for first in iterable:
        for second in iterable:
            total.append((first, second))
    return total


for items in ([1, 2], (3,), "ab", {4: 5}, range(2), [], {"k": 1}.items()):
    print(each(Holder(items)), each(Making(items)), walk(Holder(items)) == walk(Making(items)))
print(each(Tree([1, Tree([2, Tree([3])]), Tree([])])))
for action in (
    lambda: each(Holder([], 5)),
    lambda: walk(Holder([], [1])),
    lambda: list(delegated(Holder([], "text"))),
    lambda: each(Unlike()),
    lambda: walk(Failing()),
    lambda: list(delegated(Failing())),
):
    attempt(action)
