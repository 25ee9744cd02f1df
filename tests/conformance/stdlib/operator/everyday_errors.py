import operator as op
for action in (
    lambda: op.itemgetter(), lambda: op.itemgetter(5)([1]), lambda: op.attrgetter("x")(1),
    lambda: op.attrgetter(5), lambda: op.methodcaller(), lambda: op.index(1.5), lambda: op.concat(1, 2),
    lambda: op.indexOf([], 1), lambda: op.add(1),
):
    try:
        print(action())
    except (TypeError, IndexError, AttributeError, ValueError) as error:
        print(type(error).__name__, error)
