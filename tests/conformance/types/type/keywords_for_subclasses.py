# A native constructor without keywords lets those of a subclass's own __init__ or __new__ pass.
for base, argument in (tuple, [1, 2]), (list, [1, 2]), (float, 2.5), (set, [1]), (frozenset, [1]), (bool, 1):
    try:
        base(argument, newarg=3)
    except TypeError as error:
        print(error)
    if base is bool:
        continue

    class Plain(base):
        pass

    class WithInit(base):
        def __init__(self, argument, newarg=None):
            self.newarg = newarg

    class WithNew(base):
        def __new__(cls, argument, newarg=None):
            self = super().__new__(cls, argument)
            self.newarg = newarg
            return self

    for class_ in Plain, WithInit, WithNew:
        try:
            made = class_(argument, newarg=3)
            print(class_.__name__, base(made), made.newarg)
        except TypeError as error:
            print(class_.__name__, type(error).__name__)
