def t(x):
    print("t", x, end="; ")
    return x
print(t(0) and t(1), t(1) and t(2), t(0) or t(3), t(4) or t(5))
print(not t([]), not t(1), t("") or t(None) or t("last"))
print(1 < 2 < 3, 1 < 3 < 2, 1 == 1.0 == True, "a" < "b" <= "b" != "c", 1 in [1] == True)
print("yes" if t([]) else "no", ("a" if t(0) else "b" if t(1) else "c"))
print(None is None, 1 is not None, [] is [], 5 not in [1])
for falsy in (0, 0.0, 0j, "", b"", [], (), {}, set(), None, False, range(0), frozenset()):
    assert not falsy
print(bool("0"), bool(" "), bool([0]), bool(float("nan")), bool(-1))
x = 5
print(x > 3 and x < 10 or x == 100, (x and not x) or "z", not x == 5, -x ** 2, 2 ** -1, ~x & 7 | 1 ^ 2)
print(1 << 2 + 1, 7 // 2 * 2 % 4)
