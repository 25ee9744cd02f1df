class Deck:
    def __init__(self, items):
        self.items = list(items)
    def __len__(self): return len(self.items)
    def __getitem__(self, i):
        print("getitem", i)
        return self.items[i]
    def __setitem__(self, i, v):
        print("setitem", i, v)
    def __delitem__(self, i):
        print("delitem", i)
    def __contains__(self, x): return x == "magic"
    def __reversed__(self): return iter("reversed")
d = Deck("abc")
print(len(d), d[1], d[-1], d[0:2], d[::2], d[1, 2:3] if False else "", "magic" in d, "a" in d, bool(Deck("")))
d[0] = 1
d[1:2] = 5
del d[2]
print(list(d), list(reversed(d)))
class Old:
    def __getitem__(self, i):
        if i >= 3:
            raise IndexError
        return i * 10
print(list(Old()), 20 in Old(), 5 in Old(), list(zip(Old(), Old())))
class Keys:
    def __getitem__(self, key):
        return key
k = Keys()
print(k[1:2, ...], k[::], k[*(1, 2), 3], k[()], k[1,])
class BadLen:
    def __len__(self): return -1
class BadLen2:
    def __len__(self): return "x"
for C in (BadLen, BadLen2):
    try:
        len(C())
    except (ValueError, TypeError) as error:
        print(error)
