class C:
    x = 1
c = C()
class Raises:
    @property
    def p(self): raise ValueError("not an AttributeError")
    @property
    def q(self): raise AttributeError("from q")
for action in (
    lambda: getattr(c, "nope"), lambda: getattr(c, 5), lambda: setattr(c, 5, 1), lambda: delattr(c, "nope"),
    lambda: hasattr(c, 5), lambda: hasattr(Raises(), "p"), lambda: hasattr(Raises(), "q"),
    lambda: getattr(Raises(), "q", "d"), lambda: getattr(c), lambda: vars(1), lambda: hash([]),
    lambda: isinstance(1), lambda: issubclass(1, int), lambda: callable(), lambda: id(), lambda: type(),
    lambda: type(1, 2), lambda: getattr(1, "real", 2, 3), lambda: setattr(c, "a"),
):
    try:
        print(action())
    except (TypeError, AttributeError, ValueError) as error:
        print(type(error).__name__, error)
