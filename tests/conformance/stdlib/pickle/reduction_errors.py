# What a reducing function may not return, and the notes that say where it was found.
import pickle
import sys


def attempt(obj, *protocols):
    for protocol in protocols or (0, 2, 4):
        try:
            print(protocol, pickle.dumps(obj, protocol))
        except Exception as error:
            print(protocol, type(error).__name__, error, getattr(error, "__notes__", ""), repr(error.__context__))


class Reduced:
    def __init__(self, value):
        self.value = value

    def __repr__(self):
        return "<Reduced>"

    def __reduce_ex__(self, protocol):
        return self.value


class Bad:
    def __call__(self):
        pass

    def __reduce__(self):
        raise TypeError("no")


bad = Bad()


def __newobj__(*args):
    pass


def __newobj_ex__(*args):
    pass


for value in (
    3, (), (int,), (1, ()), (int, []), (int, (), None, 3), (int, (), None, None, 3), (int, (), None, None, None, 3),
    (int, (), None, None, None, None, None), "no.such.name", "sys", "Reduced", b"int",
    (__newobj__, ()), (__newobj__, (3,)), (__newobj__, (int,)), (__newobj_ex__, ()), (__newobj_ex__, (3, (), {})),
    (__newobj_ex__, (int, [], {})), (__newobj_ex__, (int, (), [])),
    (int, (), bad), (int, (bad,)), (list, (), None, iter([1, bad])),
    (dict, (), None, None, iter([("a", 1), ("b", bad)])), (dict, (), None, None, iter([1])),
    (int, (), 1, None, None, bad),
):
    try:
        attempt(Reduced(value), 4)
        attempt(Reduced(value), 1)
    except Exception as error:
        print("!", error)


def local():
    class Inner:
        pass

    return Inner


attempt(local())
attempt([{"key": (1, 2, {3: local})}])
attempt([{"key": (1, 2, {3: local()})}], 4)
attempt({local()}, 2, 4)
attempt(frozenset([local()]), 2, 4)
attempt(sys.modules["sys"], 4)
attempt((i for i in ()), 2)


class Gone:
    pass


kept = Gone
del Gone
attempt(kept, 2)
Gone = 3
attempt(kept, 2)
kept.__module__ = "no_such_module"
attempt(kept, 2)
kept.__module__ = None
attempt(kept, 2)
