"""Several threads make classes and drop them, while shared objects take them as their class and shared code uses them."""

from _torture import Token, main


class Lasting:
    pass


shared = [Lasting() for _ in range(4)]


def make(rng):
    """A class with its names in one of several orders, so that the same name has another place in each."""
    names = rng.sample(("a", "b", "c", "d"), 4)

    class Short:
        def __init__(self, token):
            for name in names:
                setattr(self, name, token)

        def get(self):
            return self.a, self.b, self.c, self.d

    return Short


def use(instance, token):
    assert instance.a is token and instance.d is token
    assert instance.get() == (token, token, token, token)
    instance.b = instance.c = token
    instance.extra = token
    assert instance.extra is token and instance.b is token
    del instance.extra


def own(rng, me):
    token = Token(me)
    cls = make(rng)
    for _ in range(3):
        use(cls(token), token)


def lend(rng, me):
    o = rng.choice(shared)
    o.__class__ = rng.choice((make(rng), Lasting))
    o.token = Token(me)


def look(rng, me):
    o = rng.choice(shared)
    token = getattr(o, "token", None)
    if token is not None:
        token.check()
    for token in list(vars(o).values()):
        token.check()


def check():
    for o in shared:
        o.__class__ = Lasting
        for token in vars(o).values():
            token.check()


main([own, own, lend, look], check)
