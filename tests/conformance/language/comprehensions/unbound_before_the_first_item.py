# The variables of a comprehension are unbound until its iterator has given the first item, each time that it runs.
import sys


class Looking:
    def __init__(self, *items):
        self.items = iter(items)

    def __iter__(self):
        return self

    def __next__(self):
        values = sys._getframe(1).f_locals
        print({name: values[name] for name in "xyzpq" if name in values})
        return next(self.items)


def run():
    for i in range(8, 30, 8):
        for j in range(16, 64, 16):
            for k in range(16, 64, 16):
                pass
    print([x for x in Looking(1, 2)])
    print([[y for y in Looking(3, 4)] for z in (5, 6)])
    print({p: q for p, q in Looking((7, 8), (9, 10))})
    print([x + y for x in Looking(1) for y in Looking(2)])
    print(sorted(sys._getframe().f_locals))


run()
