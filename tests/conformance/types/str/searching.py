s = "hello world hello"
print(s.find("hello"), s.find("hello", 1), s.find("x"), s.rfind("hello"), s.index("o"), s.rindex("o"))
print(s.count("l"), s.count(""), s.count("lo", 5), s.find(""), s.find("", 99), s.find("l", -6, -2))
print("ell" in s, "" in s, "xyz" in s, s.startswith("hell"), s.startswith(("x", "he")), s.endswith("o"))
print(s.endswith(("lo", "x"), 0, 5), s.startswith("world", 6), s.startswith(""), s.startswith("", 99))
try:
    s[0] = "x"
except TypeError as error:
    print(error)
try:
    del s[0]
except TypeError as error:
    print(error)
