class Noisy:
    def __init__(self, name):
        self.name = name

    def __eq__(self, other):
        print(self.name, "is asked about", other.name)
        return True


left, right = {1: Noisy("left"), "a": Noisy("also left")}, {"a": Noisy("also right"), 1: Noisy("right")}
print(left == right, left != right, [left] == [right])
