class C:
    pass
c = C()
for action in (
    lambda: object() + 1, lambda: object() < object(), lambda: object().x, lambda: setattr(object(), "x", 1),
    lambda: len(object()), lambda: object()(), lambda: format(object(), "x"), lambda: object.__new__(int),
    lambda: object.__new__(), lambda: int.__new__(str), lambda: object.__init__(c, 1), lambda: object(1),
    lambda: C(1), lambda: object.__setattr__(1, "x", 2), lambda: object.__new__(5),
    lambda: int.__add__("x", 1), lambda: list.append(5, 1), lambda: object.__getattribute__(c, 5),
    lambda: getattr(c, 5), lambda: str.upper(), lambda: dict.get({}),
):
    try:
        print(action())
    except (TypeError, AttributeError) as error:
        print(type(error).__name__, error)
