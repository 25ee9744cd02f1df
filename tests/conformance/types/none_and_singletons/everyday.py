print(None, repr(None), bool(None), None == None, None is None, type(None)(), hash(None) == hash(None), ..., Ellipsis is ..., NotImplemented, type(...)() is ..., [None] * 2, str(None), f"{None}")
for action in (lambda: None.x, lambda: None(), lambda: None + 1, lambda: None[0], lambda: None < None, lambda: len(None), lambda: iter(None), lambda: type(None)(1), lambda: int(None), lambda: -None, lambda: bool(NotImplemented), lambda: setattr(None, "x", 1), lambda: None @ 1, lambda: [][None]):
    try:
        print(action())
    except (AttributeError, TypeError) as error:
        print(type(error).__name__, error)
for code in ("None = 1", "True = 1", "... = 1", "def f(None): pass", "None += 1", "class None: pass", "for None in x: pass", "import a as None"):
    try:
        compile(code, "<c>", "exec")
    except SyntaxError as error:
        print(error.msg)
