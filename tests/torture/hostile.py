"""Natives are given objects whose special methods change the container that the native is working on.

Whatever comes out (a value, or any exception) is right as long as the process goes on and no token is damaged. The
operations of the threads do not share containers: each attack is a matter of one call.
"""

import array
import bisect
import collections
import functools
import heapq
import io
import itertools
import json
import operator
import re
import struct
import weakref

from _torture import Token, main


class Hostile:
    """Its methods call `strike` now and then."""

    def __init__(self, rng, strike, n=0):
        self.rng, self.strike, self.n = rng, strike, n
        self.depth = 0

    def hit(self):
        if self.depth < 2 and self.rng.random() < 0.5:
            self.depth += 1
            try:
                self.strike()
            finally:
                self.depth -= 1
        if self.rng.random() < 0.03:
            raise Strike

    def __eq__(self, other):
        self.hit()
        return self.rng.random() < 0.3

    def __lt__(self, other):
        self.hit()
        return self.rng.random() < 0.5

    __gt__ = __le__ = __ge__ = __lt__

    def __hash__(self):
        self.hit()
        return self.n % 8

    def __index__(self):
        self.hit()
        return self.n % 16

    __int__ = __len__ = __length_hint__ = __index__

    def __float__(self):
        self.hit()
        return float(self.n)

    def __bool__(self):
        self.hit()
        return self.rng.random() < 0.5

    def __iter__(self):
        for number in range(6):
            self.hit()
            yield Token(number) if number % 2 else number

    def __getitem__(self, index):
        self.hit()
        if type(index) is int and index > 5:
            raise IndexError
        return Token(3)

    def __repr__(self):
        self.hit()
        return "hostile"

    def __str__(self):
        self.hit()
        return "x" * self.rng.randrange(300)

    def __format__(self, spec):
        self.hit()
        return "formatted"

    def __add__(self, other):
        self.hit()
        return self

    __radd__ = __mul__ = __rmul__ = __add__

    def __contains__(self, item):
        self.hit()
        return False

    def keys(self):
        self.hit()
        return [1, self, "three"]

    def __call__(self, *args):
        self.hit()
        return args[0] if args else self.n

    def __buffer__(self, flags):
        self.hit()
        return memoryview(bytearray(16))


class Strike(Exception):
    pass


ALLOWED = (
    Strike,
    RuntimeError,
    TypeError,
    ValueError,
    KeyError,
    IndexError,
    BufferError,
    OverflowError,
    AttributeError,
    StopIteration,
    struct.error,
)


def attempt(action):
    try:
        return action()
    except ALLOWED:
        return None


def checked(items):
    for item in items:
        if type(item) is Token:
            item.check()


def lists(rng, me):
    items = [Token(n) for n in range(20)]

    def strike():
        rng.choice(
            (
                items.clear,
                lambda: items.append(Token(me)),
                lambda: items.extend([Token(n) for n in range(50)]),
                lambda: items.pop() if items else None,
                lambda: operator.setitem(items, slice(0, 5), []),
                lambda: operator.delitem(items, slice(None, None, 2)),
                lambda: items.insert(0, Token(me)),
                items.reverse,
                items.sort,
            )
        )()

    bad = Hostile(rng, strike, rng.randrange(16))
    items.insert(rng.randrange(20), bad)
    rng.choice(
        (
            lambda: attempt(lambda: items.sort(key=bad)),
            lambda: attempt(lambda: items.sort(key=lambda item: bad)),
            lambda: attempt(lambda: items.index(Token(1), bad)),
            lambda: attempt(lambda: items.index(bad)),
            lambda: attempt(lambda: items.count(bad)),
            lambda: attempt(lambda: items.remove(Token(5))),
            lambda: attempt(lambda: items == [bad] * 21),
            lambda: attempt(lambda: items < [bad] * 21),
            lambda: attempt(lambda: items.extend(bad)),
            lambda: attempt(lambda: operator.setitem(items, slice(bad, bad, bad), bad)),
            lambda: attempt(lambda: operator.setitem(items, slice(2, 9), bad)),
            lambda: attempt(lambda: operator.delitem(items, slice(bad, bad))),
            lambda: attempt(lambda: items[bad]),
            lambda: attempt(lambda: items.insert(bad, Token(1))),
            lambda: attempt(lambda: items.pop(bad)),
            lambda: attempt(lambda: items * bad),
            lambda: attempt(lambda: repr(items)),
            lambda: attempt(lambda: sorted(items, key=bad)),
            lambda: attempt(lambda: min(items, key=bad)),
            lambda: attempt(lambda: max(items, default=bad)),
            lambda: attempt(lambda: sum(items, bad)),
            lambda: attempt(lambda: any(items) or all(items)),
            lambda: attempt(lambda: heapq.heapify(items)),
            lambda: attempt(lambda: heapq.heappush(items, bad)),
            lambda: attempt(lambda: heapq.heappop(items)),
            lambda: attempt(lambda: bisect.insort(items, bad)),
            lambda: attempt(lambda: bisect.bisect_left(items, Token(1), key=bad)),
            lambda: attempt(lambda: functools.reduce(lambda a, b: bad + b, items)),
            lambda: attempt(lambda: list(map(bad, items, items))),
            lambda: attempt(lambda: list(zip(items, bad, strict=True))),
            lambda: attempt(lambda: list(filter(bad, items))),
            lambda: attempt(lambda: list(itertools.groupby(items, bad))),
            lambda: attempt(lambda: list(itertools.accumulate(items, lambda a, b: bad + a))),
            lambda: attempt(lambda: list(itertools.islice(items, bad, bad, 1))),
            lambda: attempt(lambda: list(itertools.product(items[:3], bad))),
            lambda: attempt(lambda: [*bad, *items]),
            lambda: attempt(lambda: tuple(bad) + tuple(items)),
        )
    )()
    checked(items)


def dicts(rng, me):
    table = {n: Token(n) for n in range(10)}

    def strike():
        rng.choice(
            (
                table.clear,
                lambda: table.update({n: Token(n) for n in range(100)}),
                lambda: table.popitem() if table else None,
                lambda: table.pop(rng.randrange(10), None),
                lambda: table.setdefault(rng.randrange(1000), Token(me)),
                lambda: operator.setitem(table, bad, Token(me)),
                lambda: table.pop(bad, None),
                lambda: list(table),
            )
        )()

    bad, other = Hostile(rng, strike, rng.randrange(16)), Hostile(rng, strike, rng.randrange(16))
    attempt(lambda: operator.setitem(table, other, Token(me)))
    rng.choice(
        (
            lambda: attempt(lambda: operator.setitem(table, bad, Token(me))),
            lambda: attempt(lambda: table[bad]),
            lambda: attempt(lambda: table.get(bad)),
            lambda: attempt(lambda: bad in table),
            lambda: attempt(lambda: table.pop(bad, None)),
            lambda: attempt(lambda: table.setdefault(bad, Token(me))),
            lambda: attempt(lambda: table.update(bad)),
            lambda: attempt(lambda: table.update([(bad, Token(1)), (other, Token(2))])),
            lambda: attempt(lambda: table == {bad: 1, other: 2}),
            lambda: attempt(lambda: table | {bad: Token(3)}),
            lambda: attempt(lambda: dict.fromkeys(bad)),
            lambda: attempt(lambda: dict.fromkeys([bad, other, bad])),
            lambda: attempt(lambda: table.items() & [(bad, other)]),
            lambda: attempt(lambda: table.keys() ^ [bad, other]),
            lambda: attempt(lambda: {**table, bad: 1}),
            lambda: attempt(lambda: repr(table)),
            lambda: attempt(lambda: [bad for _ in table if bad]),
            lambda: attempt(lambda: collections.Counter([bad, other, bad])),
            lambda: attempt(lambda: collections.OrderedDict(table).move_to_end(bad)),
            lambda: attempt(lambda: collections.defaultdict(bad, table)[Token(9).a + 100]),
            lambda: attempt(lambda: collections.ChainMap(table, {other: 1})[bad]),
            lambda: attempt(lambda: functools.lru_cache(2)(lambda x: x)(bad)),
            lambda: attempt(lambda: (lambda **kw: kw)(**bad)),
            lambda: attempt(lambda: json.dumps({"a": [bad, table]}, default=bad)),
            lambda: attempt(lambda: "%(a)s %(b)r" % {"a": bad, "b": bad}),
            lambda: attempt(lambda: "{0} {1!r} {2:>{3}}".format(bad, other, bad, other)),
        )
    )()
    checked(attempt(lambda: list(table.values())) or ())


def sets(rng, me):
    group = set(range(10))

    def strike():
        rng.choice(
            (
                group.clear,
                lambda: group.update(range(100)),
                lambda: group.pop() if group else None,
                lambda: group.add(bad),
                lambda: group.discard(other),
                lambda: group.add((me, rng.random())),
                lambda: group.intersection_update([1, 2, 3]),
            )
        )()

    bad, other = Hostile(rng, strike, rng.randrange(16)), Hostile(rng, strike, rng.randrange(16))
    attempt(lambda: group.add(other))
    rng.choice(
        (
            lambda: attempt(lambda: group.add(bad)),
            lambda: attempt(lambda: bad in group),
            lambda: attempt(lambda: group.discard(bad)),
            lambda: attempt(lambda: group | {bad}),
            lambda: attempt(lambda: group & {bad, other}),
            lambda: attempt(lambda: group - {bad, 1}),
            lambda: attempt(lambda: group ^ {bad, 1}),
            lambda: attempt(lambda: group.update(bad, [bad, other])),
            lambda: attempt(lambda: group.intersection_update([bad, other])),
            lambda: attempt(lambda: group.difference_update([bad, other])),
            lambda: attempt(lambda: group.symmetric_difference_update([bad, other])),
            lambda: attempt(lambda: group.issubset([bad, other])),
            lambda: attempt(lambda: group.isdisjoint([bad, other])),
            lambda: attempt(lambda: group == {bad, other}),
            lambda: attempt(lambda: group <= {bad, other}),
            lambda: attempt(lambda: frozenset([bad, other, bad])),
            lambda: attempt(lambda: group.copy()),
            lambda: attempt(lambda: repr(group)),
        )
    )()


def deques(rng, me):
    queue = collections.deque((Token(n) for n in range(20)), maxlen=rng.choice((None, 25)))

    def strike():
        rng.choice(
            (
                queue.clear,
                lambda: queue.append(Token(me)),
                lambda: queue.appendleft(Token(me)),
                lambda: queue.pop() if queue else None,
                lambda: queue.popleft() if queue else None,
                lambda: queue.rotate(3),
                lambda: queue.extend([Token(n) for n in range(70)]),
                queue.reverse,
            )
        )()

    bad = Hostile(rng, strike, rng.randrange(16))
    queue.insert(rng.randrange(20), bad) if queue.maxlen is None else queue.append(bad)
    rng.choice(
        (
            lambda: attempt(lambda: queue.index(Token(3))),
            lambda: attempt(lambda: queue.count(bad)),
            lambda: attempt(lambda: queue.remove(Token(4))),
            lambda: attempt(lambda: queue.insert(bad, bad)),
            lambda: attempt(lambda: queue.rotate(bad)),
            lambda: attempt(lambda: queue == collections.deque([bad] * len(queue))),
            lambda: attempt(lambda: queue < collections.deque([bad] * len(queue))),
            lambda: attempt(lambda: queue.extend(bad)),
            lambda: attempt(lambda: queue.extendleft(bad)),
            lambda: attempt(lambda: queue[bad]),
            lambda: attempt(lambda: operator.delitem(queue, bad)),
            lambda: attempt(lambda: bad in queue),
            lambda: attempt(lambda: queue * bad),
            lambda: attempt(lambda: repr(queue)),
            lambda: attempt(lambda: [strike() for _ in queue]),
            lambda: attempt(lambda: sorted(queue, key=bad)),
            lambda: attempt(lambda: collections.deque(bad, bad)),
        )
    )()
    checked(attempt(lambda: list(queue)) or ())


def buffers(rng, me):
    text, numbers = bytearray(b"hostile bytes" * 3), array.array("q", range(20))
    views = []

    def strike():
        rng.choice(
            (
                text.clear,
                lambda: text.extend(bytes(200)),
                lambda: operator.delitem(text, slice(0, 7)),
                lambda: operator.delitem(numbers, slice(0, 3)),
                lambda: numbers.extend(range(30)),
                lambda: numbers.pop() if numbers else None,
                lambda: views.append(memoryview(text)),
                lambda: views.append(memoryview(numbers)),
                lambda: views.pop().release() if views else None,
            )
        )()

    def quiet():
        attempt(strike)

    bad = Hostile(rng, quiet, rng.randrange(16))
    view = memoryview(text) if rng.random() < 0.5 else memoryview(numbers)
    views.append(view)
    rng.choice(
        (
            lambda: attempt(lambda: operator.setitem(text, bad, bad)),
            lambda: attempt(lambda: operator.setitem(text, slice(bad, bad), bad)),
            lambda: attempt(lambda: text.extend(bad)),
            lambda: attempt(lambda: text.extend([bad, bad])),
            lambda: attempt(lambda: text.insert(bad, bad)),
            lambda: attempt(lambda: text.pop(bad)),
            lambda: attempt(lambda: text.find(b"t", bad, bad)),
            lambda: attempt(lambda: text.startswith(b"h", bad)),
            lambda: attempt(lambda: text.join([text, bytes(bad), text])),
            lambda: attempt(lambda: text.replace(b"o", b"p", bad)),
            lambda: attempt(lambda: text * bad),
            lambda: attempt(lambda: text % bad),
            lambda: attempt(lambda: b"%d %s" % (bad, text)),
            lambda: attempt(lambda: bytes([bad, bad])),
            lambda: attempt(lambda: bytearray(bad)),
            lambda: attempt(lambda: operator.setitem(numbers, bad, bad)),
            lambda: attempt(lambda: numbers.extend(bad)),
            lambda: attempt(lambda: numbers.insert(bad, bad)),
            lambda: attempt(lambda: numbers.index(bad)),
            lambda: attempt(lambda: numbers.count(bad)),
            lambda: attempt(lambda: numbers.remove(bad)),
            lambda: attempt(lambda: array.array("q", [bad, bad])),
            lambda: attempt(lambda: array.array("d", bad)),
            lambda: attempt(lambda: operator.setitem(view, bad, bad)),
            lambda: attempt(lambda: operator.setitem(view, slice(bad, bad), view)),
            lambda: attempt(lambda: view[bad]),
            lambda: attempt(lambda: view == bad),
            lambda: attempt(lambda: view.cast("B").tolist()),
            lambda: attempt(lambda: struct.pack_into("bb", text, bad, bad, bad)),
            lambda: attempt(lambda: struct.pack("3q", bad, bad, bad)),
            lambda: attempt(lambda: struct.unpack_from("q", text, bad)),
            lambda: attempt(lambda: io.BytesIO(text).readinto(text)),
            lambda: attempt(lambda: io.BytesIO(text).write(bad)),
            lambda: attempt(lambda: io.BytesIO(text).seek(bad)),
            lambda: attempt(lambda: io.BytesIO().writelines(bad)),
            lambda: attempt(lambda: re.sub(b"[a-z]", bad, text)),
            lambda: attempt(lambda: re.split(b"t", text, maxsplit=bad)),
            lambda: attempt(lambda: [strike() for _ in text]),
            lambda: attempt(lambda: [strike() for _ in numbers]),
            lambda: attempt(lambda: int.from_bytes(bad, "big")),
            lambda: attempt(lambda: (5).to_bytes(bad, "little")),
        )
    )()


def strings(rng, me):
    items = ["a", "b", "c"]

    def strike():
        rng.choice((items.clear, lambda: items.append("x" * 40), lambda: items.extend("many"), items.reverse))()

    class Sub(str):
        def __str__(self):
            bad.hit()
            return "sub"

        def __eq__(self, other):
            bad.hit()
            return False

        def __hash__(self):
            bad.hit()
            return 1

    bad = Hostile(rng, strike, rng.randrange(16))

    def pieces():
        for item in ["a", Sub("b"), "c"]:
            bad.hit()
            yield item

    rng.choice(
        (
            lambda: attempt(lambda: "-".join(pieces())),
            lambda: attempt(lambda: "-".join(items)),
            lambda: attempt(lambda: "abc".replace("b", "x", bad)),
            lambda: attempt(lambda: "abc".split(Sub("b"), bad)),
            lambda: attempt(lambda: "abc".center(bad, "*")),
            lambda: attempt(lambda: "abc".translate(bad)),
            lambda: attempt(lambda: "abc" * bad),
            lambda: attempt(lambda: "abc"[bad:bad]),
            lambda: attempt(lambda: "%s %r %*d" % (bad, bad, bad, bad)),
            lambda: attempt(lambda: f"{bad} {bad!r} {bad:{bad}}"),
            lambda: attempt(lambda: print(bad, items, file=io.StringIO(), sep=Sub("-"))),
            lambda: attempt(lambda: {Sub("a"): 1, "a": 2}[Sub("a")]),
            lambda: attempt(lambda: getattr(bad, Sub("n"))),
            lambda: attempt(lambda: setattr(bad, Sub("extra"), 1)),
            lambda: attempt(lambda: type("T", (), {Sub("a"): 1, "b": 2}).b),
            lambda: attempt(lambda: re.sub("[abc]", bad, "abcabc")),
            lambda: attempt(lambda: int(bad) + float(bad)),
            lambda: attempt(lambda: int("12", bad)),
            lambda: attempt(lambda: round(1.5, bad)),
            lambda: attempt(lambda: range(bad, bad, bad)[bad]),
            lambda: attempt(lambda: pow(bad, 2, bad)),
            lambda: attempt(lambda: isinstance(bad, (int, bad))),
        )
    )()


def finalizers(rng, me):
    """Finalizers and callbacks of weak references that change what they hang in."""
    table, items = {}, []

    class Dying:
        def __init__(self, n):
            self.token = Token(n)

        def __del__(self):
            self.token.check()
            items.append(self.token)
            table.pop(self.token.a, None)
            if rng.random() < 0.1:
                table[self.token.a] = self

    references = []
    for n in range(10):
        dying = Dying(n)
        table[n] = dying
        references.append(weakref.ref(dying, lambda r: (items.append(Token(1)), references.clear())))
        items.append(weakref.proxy(dying))
    del dying
    weak = weakref.WeakKeyDictionary({value: key for key, value in table.items()})
    group = weakref.WeakSet(table.values())
    del items[:]
    for key in list(table)[::2]:
        table.pop(key, None)
    for value in attempt(lambda: list(weak.items())) or ():
        value[0].token.check()
    for value in attempt(lambda: list(group)) or ():
        value.token.check()
    table.clear()
    checked(items)


def check():
    pass


main([lists, dicts, sets, deques, buffers, strings, finalizers], check)
