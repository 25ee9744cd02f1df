print(1 == 1.0, 2 ** 53 == float(2 ** 53), 2 ** 53 + 1 == float(2 ** 53), 2 ** 53 + 1 > float(2 ** 53))
print(10 ** 400 > 1e308, 10 ** 400 > float("inf"))
print(1 < 2 <= 2 < 3 != 4, 10 ** 20 < 10 ** 21, -(10 ** 20) < 10, True == 1, False < True, 1 == 1 + 0j)
print(hash(1) == hash(1.0) == hash(True), {1: "a"}[1.0], {2 ** 70: "big"}[float(2 ** 70)])
print(max(1, 2.5, True), min(3, -(2 ** 65)), sorted([3, 1.5, 2, -(2 ** 70), 2 ** 70, True]))
print(float("nan") == 1, 1 < float("nan"), 5 == "5", 5 != "5")
try:
    1 < "2"
except TypeError as error:
    print(error)
a = 5
print(a is a, isinstance(True, int), type(True + 0).__name__, (0).__class__)
