class C:
    pass
c = C()
print(c == c, c != c, c == C(), hash(c) == hash(c), bool(c), c.__eq__(1), c.__ne__(c), c.__lt__(c))
print(isinstance(c, object), c.__class__ is C, c.__doc__, c.__module__)
print(c.__dir__() == dir(c) or sorted(c.__dir__()) == dir(c))
print([n for n in dir(object()) if n in ("__eq__", "__hash__", "__init__", "__sizeof__")], c.__reduce__()[1])
print(format(c) == str(c), c.__sizeof__() > 0)
