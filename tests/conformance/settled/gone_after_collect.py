# After gc.collect() nothing is left of what only temporaries of the running functions held.
import gc
import weakref


class Thing:
    def method(self, *args):
        return self

    def __eq__(self, other):
        return True


def dropped():
    thing = Thing()
    reference = weakref.ref(thing)
    thing.method(thing, [thing], {"thing": thing})
    print(thing == thing, [thing for _ in range(2)][0] is thing, f"{thing is not None}")
    for item in (thing, thing):
        item.method(*[item], key=item) if False else None
    del thing, item
    gc.collect()
    return reference() is None


def outer():
    thing = Thing()
    reference = weakref.ref(thing)
    print(max([1, 2], key=lambda n: n if thing else 0), thing.method() is thing)
    thing = None
    return inner(reference)


def inner(reference):
    gc.collect()
    return reference() is None


print(dropped(), outer())
kept = Thing()
pair = [(kept, gc.collect()), gc.collect() and kept]
print(type(pair[0][0]).__name__, sum(x * y for x, y in [(2, gc.collect() * 0 + 3), (4, 5)]))
