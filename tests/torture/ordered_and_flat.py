"""Several threads change the same OrderedDict, deque, bytearray and array."""

from array import array
from collections import OrderedDict, deque

from _torture import THREADS, Token, main

ordered = OrderedDict()
mine = [{} for _ in range(THREADS)]
fixed = OrderedDict((name, Token(n)) for n, name in enumerate("abcdefgh"))
queue = deque()
put, taken = [0] * THREADS, [0] * THREADS
ring = deque(maxlen=50)
text = bytearray(b"x" * 64)
numbers = array("q", range(64))
CHANGED = ("changed", "mutated", "resize", "exports", "index", "range", "empty", "assignment")


def tolerate(action):
    """What a container may answer while others change it: an exception that says so."""
    try:
        return action()
    except (RuntimeError, BufferError, IndexError, ValueError) as error:
        assert any(word in str(error) for word in CHANGED), error


def ordered_set(rng, me):
    key, token = (me, rng.randrange(200)), Token(me)
    ordered[key] = token
    mine[me][key] = token
    assert ordered[key] is token, "an item was lost"


def ordered_delete(rng, me):
    key = (me, rng.randrange(200))
    assert (key in ordered) == (key in mine[me]), "an item was lost"
    if mine[me].pop(key, None) is not None:
        del ordered[key]
    assert key not in ordered


def ordered_move(rng, me):
    key = (me, rng.randrange(200))
    if key in mine[me]:
        ordered.move_to_end(key, last=rng.random() < 0.5)
        assert ordered[key] is mine[me][key], "an item was lost when it moved"


def fixed_move(rng, me):
    fixed.move_to_end(rng.choice("abcdefgh"), last=rng.random() < 0.5)


def fixed_look(rng, me):
    for n, name in enumerate("abcdefgh"):
        assert name in fixed, "an item is absent while it moves"
        assert fixed[name].a == n and fixed.get(name).a == n
    assert len(fixed) == 8


def ordered_walk(rng, me):
    def walk():
        for number, (key, token) in enumerate(ordered.items()):
            token.check()
            assert key[0] == token.a
            if number > 60:
                break

    tolerate(walk)
    for token in tolerate(lambda: list(ordered.values())[:20]) or ():
        token.check()


def append(rng, me):
    (queue.append if rng.random() < 0.5 else queue.appendleft)((me, Token(put[me])))
    put[me] += 1


def pop(rng, me):
    try:
        who, token = queue.pop() if rng.random() < 0.5 else queue.popleft()
    except IndexError:
        return
    token.check()
    taken[me] += 1


def turn(rng, me):
    queue.rotate(rng.randrange(-5, 6))
    queue.reverse()
    for who, token in tolerate(lambda: list(queue)[:20]) or ():
        token.check()
    ring.append(Token(me))
    ring.extendleft([Token(me), Token(me)])
    for token in tolerate(lambda: list(ring)) or ():
        token.check()
    assert len(ring) <= 50


def change_bytes(rng, me):
    def change():
        text.extend(b"y" * rng.randrange(40))
        text[: rng.randrange(8)] = b"zz"
        text.append(rng.randrange(256))
        del text[: rng.randrange(60)]
        text.reverse()

    tolerate(change)


def look_at_bytes(rng, me):
    def look():
        with memoryview(text) as view:
            bytes(view[: rng.randrange(64)])
            if len(view) > 3:
                view[1:3] = b"ab"
        bytes(text), text.find(b"ab"), text.upper(), hash(bytes(text)), text + b"z"
        text.split(b"z"), text.hex(), text[::2], text == bytes(text)

    tolerate(look)


def change_array(rng, me):
    def change():
        numbers.extend(array("q", range(rng.randrange(20))))
        numbers.append(me)
        numbers[: rng.randrange(4)] = array("q", [1, 2])
        numbers.pop(rng.randrange(5))
        del numbers[: rng.randrange(16)]
        numbers.byteswap(), numbers.byteswap()

    tolerate(change)


def look_at_array(rng, me):
    def look():
        with memoryview(numbers) as view:
            view.tolist()
        for number in numbers:
            assert type(number) is int
        numbers.tolist(), numbers.tobytes(), numbers[::3], numbers == numbers[:]

    tolerate(look)


def check():
    assert set(ordered) == set().union(*mine), "the ordered dict is not the sum of its parts"
    for own in mine:
        for key, token in own.items():
            assert ordered[key] is token
    assert len(queue) == sum(put) - sum(taken), "the deque lost or doubled an item"
    assert sorted(fixed) == list("abcdefgh")


main(
    [
        ordered_set,
        ordered_delete,
        ordered_move,
        fixed_move,
        fixed_look,
        ordered_walk,
        append,
        pop,
        turn,
        change_bytes,
        look_at_bytes,
        change_array,
        look_at_array,
    ],
    check,
)
