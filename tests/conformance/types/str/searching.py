s = "hello world hello"
print(s.find("hello"), s.find("hello", 1), s.find("x"), s.rfind("hello"), s.index("o"), s.rindex("o"), s.count("l"), s.count(""), s.count("lo", 5), s.find(""), s.find("", 99), s.find("l", -6, -2))
print("ell" in s, "" in s, "xyz" in s, s.startswith("hell"), s.startswith(("x", "he")), s.endswith("o"), s.endswith(("lo", "x"), 0, 5), s.startswith("world", 6), s.startswith(""), s.startswith("", 99))
for action in (lambda: s.index("x"), lambda: s.rindex("x"), lambda: 5 in s, lambda: s.find(5), lambda: s.startswith(5), lambda: s.startswith((1,)), lambda: s.count(None), lambda: s.find(), lambda: s[99], lambda: s["a"], lambda: s[1.5],
               lambda: s.__getitem__(None), lambda: s + 1, lambda: 1 + s, lambda: s * s, lambda: s - "x", lambda: s[0:"x"], lambda: setattr(s, "x", 1), lambda: s.nothing):
    try:
        print(action())
    except (ValueError, TypeError, IndexError, AttributeError) as error:
        print(type(error).__name__, error)
try:
    s[0] = "x"
except TypeError as error:
    print(error)
try:
    del s[0]
except TypeError as error:
    print(error)
