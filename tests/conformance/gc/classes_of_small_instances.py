# Instances without slots keep their class alive, whatever they derive from.
import copy
import gc


def instances():
    class Marker:
        __slots__ = ()

        def name(self):
            return "marker"

    class Meta(type):
        pass

    yield object.__new__(Marker)
    yield copy.copy(Marker())
    yield Meta("Made", (), {"__slots__": (), "name": lambda self: "made"})()
    for base, value in ((int, 5), (int, 10**30), (str, "text"), (bytes, b"bytes"), (float, 1.5), (complex, 2j)):
        yield type("Sub" + base.__name__, (base,), {"__slots__": (), "name": lambda self: self + self})(value)
    yield type("Pair", (tuple,), {"__slots__": (), "name": lambda self: self[::-1]})((1, 2))


kept = list(instances())
for _ in range(3):
    gc.collect()
    junk = [type("X%d" % i, (), {"__slots__": ()})() for i in range(300)]
for instance in kept:
    print(type(instance).__name__, instance.name())
