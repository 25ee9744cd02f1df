# A comparison of items that shortens a list: what is left decides.
class Clears:
    def __init__(self, target):
        self.target = target

    def __eq__(self, other):
        self.target.clear()
        return NotImplemented


left, right = [], []
left.append(Clears(right))
right.append(Clears(left))
print(left == right, left, right)
other = []
other.append(Clears(other))
print(other == [1])


class Late:
    done = False

    def __call__(self):
        if self.done:
            return 0
        self.done = True
        print(list(self.iterator))
        return 1


# An iterator over calls that is used up by the call itself.
late = Late()
late.iterator = iter(late, 0)
print(next(late.iterator, "end"), next(late.iterator, "end"))
