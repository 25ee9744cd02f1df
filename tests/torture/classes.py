"""Several threads change the same classes while others call what is in them."""

from _torture import THREADS, Token, main


class Base:
    value = 0

    def method(self):
        return "base"


class Left(Base):
    pass


class Right(Base):
    pass


class Both(Left, Right):
    pass


KEEP = Token(7)
Base.keep = KEEP
ALLOWED = {"base", "left", "right", "lambda", "property"}
o = Both()


def call(rng, me):
    assert o.method() in ALLOWED
    assert Both().method() in ALLOWED
    assert o.keep is KEEP


def define(rng, me):
    cls, name = rng.choice(((Left, "left"), (Right, "right")))
    cls.method = lambda self, name=name: name


def undefine(rng, me):
    try:
        del rng.choice((Left, Right)).method
    except AttributeError:
        pass


def own_attribute(rng, me):
    name = f"own{me}"
    token = Token(me)
    setattr(Base, name, token)
    assert getattr(o, name) is token and getattr(Right, name) is token
    if rng.random() < 0.3:
        delattr(Base, name)
        assert not hasattr(o, name)


def bump(rng, me):
    name = f"count{me}"
    setattr(Base, name, getattr(Base, name, 0) + 1)
    counts[me] += 1


def make_class(rng, me):
    cls = type("Made", (rng.choice((Base, Left, Both)),), {"token": Token(me)})
    assert cls().method() in ALLOWED and cls.token.a == me
    cls.token.check()


def swap_bases(rng, me):
    class Local(Left):
        pass
    local = Local()
    assert local.method() in ALLOWED
    Local.__bases__ = (Right,)
    assert local.method() in ALLOWED and Local.__mro__[1] is Right


def descriptors(rng, me):
    if me:
        return
    Left.value = rng.choice((1, property(lambda self: 2)))
    assert o.value in (1, 2)


counts = [0] * THREADS


def check():
    for me, count in enumerate(counts):
        assert getattr(Base, f"count{me}", 0) == count, "an update was lost"
    KEEP.check()
    assert o.keep is KEEP


main([call, call, call, define, undefine, own_attribute, bump, make_class, swap_bases, descriptors], check)
