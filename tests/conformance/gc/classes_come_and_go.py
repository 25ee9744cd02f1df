"""Short-lived classes whose instances pass through the same places of the program as those of other classes."""

import gc


def make(number):
    """Classes that differ in what the same names are: attribute, member, property, method, class attribute."""

    class Plain:
        def __init__(self):
            self.first = number
            self.second = -number

        def third(self):
            return number * 3

    class Turned:
        def __init__(self):
            self.second = -number
            self.first = number

        def third(self):
            return number * 3

    class Member:
        __slots__ = ("second", "first")

        def __init__(self):
            self.first = number
            self.second = -number

        def third(self):
            return number * 3

    class Computed:
        second = -number

        @property
        def first(self):
            return number

        @property
        def third(self):
            return lambda: number * 3

    return Plain, Turned, Member, Computed


def use(instance, number):
    assert instance.first == number
    assert instance.second == -number
    assert instance.third() == number * 3


def extend(instance, number):
    instance.fourth = number
    instance.fifth = number + 1
    assert (instance.fourth, instance.fifth) == (number, number + 1)
    del instance.fourth
    instance.fourth = number + 2
    assert list(vars(instance))[-2:] == ["fifth", "fourth"], vars(instance)


class Lasting:
    def __init__(self):
        self.first = self.second = 0


kept = []
count = 0
for number in range(1, 900):
    classes = make(number)
    for cls in classes:
        instance = cls()
        use(instance, number)
        if cls is not classes[2]:
            extend(instance, number)
        count += 1
    # An object of a class that stays gets one that goes, and the other way round.
    lasting = Lasting()
    lasting.first, lasting.second = number, -number
    lasting.__class__ = classes[0]
    use(lasting, number)
    lasting.__class__ = Lasting
    assert vars(lasting) == {"first": number, "second": -number}
    if number % 100 == 0:
        kept.append((number, [cls() for cls in classes]))
    if number % 150 == 0:
        gc.collect()
for number, instances in kept:
    for instance in instances:
        use(instance, number)
print(count, len(kept), vars(lasting))
