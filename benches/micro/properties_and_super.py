from _best import best


class Base:
    def value(self):
        return 1


class Sub(Base):
    def value(self):
        return super().value() + 1

    @property
    def double(self):
        return 2


def run(n):
    s = Sub()
    total = 0
    for _ in range(n):
        total += s.value() + s.double
    return total


best("properties_and_super", run, 200_000)
