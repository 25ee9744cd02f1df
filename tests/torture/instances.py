"""Several threads add, change and delete attributes of the same objects, and exchange their classes and dicts."""

from _torture import THREADS, Token, main


class Plain:
    pass


class Other:
    pass


class Slots:
    __slots__ = ("a", "b", "c")


objects = [Plain() for _ in range(8)]
moving = [Plain() for _ in range(4)]
slotted = [Slots() for _ in range(4)]
mine = [{} for _ in range(THREADS)]


def set_own(rng, me):
    which, name = rng.randrange(len(objects)), f"t{me}_{rng.randrange(40)}"
    token = Token(rng.randrange(10 ** 6))
    setattr(objects[which], name, token)
    mine[me][which, name] = token


def get_own(rng, me):
    which, name = rng.randrange(len(objects)), f"t{me}_{rng.randrange(40)}"
    assert getattr(objects[which], name, None) is mine[me].get((which, name)), f"{name} was lost"


def delete_own(rng, me):
    which, name = rng.randrange(len(objects)), f"t{me}_{rng.randrange(40)}"
    if mine[me].pop((which, name), None) is not None:
        delattr(objects[which], name)
    assert not hasattr(objects[which], name)


def look_around(rng, me):
    o = rng.choice(objects)
    for name in list(vars(o)):
        token = getattr(o, name, None)
        if token is not None:
            token.check()
    for token in list(o.__dict__.values()):
        token.check()


def change_class(rng, me):
    o = rng.choice(moving)
    o.__class__ = rng.choice((Plain, Other))
    o.value = Token(me)
    o.value.check()
    assert type(o) in (Plain, Other)


def change_dict(rng, me):
    o = rng.choice(moving)
    o.__dict__ = {"value": Token(me), f"k{me}": 1}
    token = getattr(o, "value", None)
    if token is not None:
        token.check()


def use_slots(rng, me):
    o = rng.choice(slotted)
    name = rng.choice("abc")
    if rng.random() < 0.2:
        try:
            delattr(o, name)
        except AttributeError:
            pass
    else:
        setattr(o, name, Token(me))
    token = getattr(o, name, None)
    if token is not None:
        token.check()


def fresh(rng, me):
    o = Plain()
    for i in range(rng.randrange(12)):
        setattr(o, f"f{i}", Token(i))
    for i, token in enumerate(vars(o).values()):
        assert token.a == i


def check():
    for own in mine:
        for (which, name), token in own.items():
            assert getattr(objects[which], name) is token
            token.check()
    assert sum(len(vars(o)) for o in objects) == sum(map(len, mine))


main([set_own, set_own, get_own, get_own, delete_own, look_around, change_class, change_dict, use_slots, fresh], check)
