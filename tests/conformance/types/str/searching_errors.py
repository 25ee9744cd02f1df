s = "hello world hello"
for action in (
    lambda: s.index("x"), lambda: s.rindex("x"), lambda: 5 in s, lambda: s.find(5), lambda: s.startswith(5),
    lambda: s.startswith((1,)), lambda: s.count(None), lambda: s.find(), lambda: s[99], lambda: s["a"],
    lambda: s[1.5], lambda: s.__getitem__(None), lambda: s + 1, lambda: 1 + s, lambda: s * s, lambda: s - "x",
    lambda: s[0:"x"], lambda: setattr(s, "x", 1), lambda: s.nothing,
):
    try:
        print(action())
    except (ValueError, TypeError, IndexError, AttributeError) as error:
        print(type(error).__name__, error)
