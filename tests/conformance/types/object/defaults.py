class C:
    pass
c = C()
print(c == c, c != c, c == C(), hash(c) == hash(c), bool(c), c.__eq__(1), c.__ne__(c), c.__lt__(c), isinstance(c, object), c.__class__ is C, c.__doc__, c.__module__)
print(c.__dir__() == dir(c) or sorted(c.__dir__()) == dir(c), [n for n in dir(object()) if n in ("__eq__", "__hash__", "__init__", "__sizeof__")], c.__reduce__()[1], format(c) == str(c), c.__sizeof__() > 0)
for action in (lambda: object() + 1, lambda: object() < object(), lambda: object().x, lambda: setattr(object(), "x", 1), lambda: len(object()), lambda: object()(), lambda: format(object(), "x"), lambda: object.__new__(int), lambda: object.__new__(), lambda: int.__new__(str), lambda: object.__init__(c, 1), lambda: object(1), lambda: C(1), lambda: object.__setattr__(1, "x", 2), lambda: object.__new__(5), lambda: int.__add__("x", 1), lambda: list.append(5, 1), lambda: object.__getattribute__(c, 5), lambda: getattr(c, 5), lambda: str.upper(), lambda: dict.get({})):
    try:
        print(action())
    except (TypeError, AttributeError) as error:
        print(type(error).__name__, error)
