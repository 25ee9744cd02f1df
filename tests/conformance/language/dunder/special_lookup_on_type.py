class C:
    pass
c = C()
c.__len__ = lambda: 5
c.__call__ = lambda: 5
c.__iter__ = lambda: iter([1])
c.__add__ = lambda other: 5
c.__enter__ = lambda: 5
c.__str__ = lambda: "instance"
for action in (
    "len(c)", "c()", "iter(c)", "c + 1", "hash(c) == object.__hash__(c)", "str(c) == 'instance'", "bool(c)",
):
    try:
        print(action, eval(action))
    except TypeError as error:
        print(error)
C.__len__ = lambda self: 7
C.__bool__ = lambda self: False
print(len(c), bool(c))
class D:
    __len__ = None
    __hash__ = None
    __contains__ = None
    __iter__ = lambda self: iter([1])
for action in (lambda: len(D()), lambda: hash(D()), lambda: 1 in D()):
    try:
        action()
    except TypeError as error:
        print(error)
class E:
    __getitem__ = dict(a=1).__getitem__
    __len__ = property(lambda self: lambda: 42)
print(E()["a"], len(E()))
