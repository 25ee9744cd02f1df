# Fused comparisons, unboxed ranges and special floats behave as their plain twins.
nan = float("nan")

def ladder(a, b):
    found = []
    if a < b: found.append("<")
    if a <= b: found.append("<=")
    if a == b: found.append("==")
    if a != b: found.append("!=")
    if a > b: found.append(">")
    if a >= b: found.append(">=")
    if not a < b: found.append("not <")
    if not a >= b: found.append("not >=")
    return " ".join(found)

pairs = [(1, 2), (2, 1), (1, 1), (1, 1.0), (1.5, 1), (nan, 1), (1, nan), (nan, nan), (0.0, -0.0),
         (2**70, 2**70 + 1), (2**62, -2**62), (True, 1), ("a", "b"), ((1, 2), (1, 3))]
for _ in range(3000):
    ladder(1, 2)
for a, b in pairs:
    print(a, b, ladder(a, b))

class Odd:
    def __lt__(self, other):
        return []
    def __ge__(self, other):
        return "yes"
print("yes" if Odd() < 1 else "no", "yes" if Odd() >= 1 else "no", Odd() < 1, Odd() >= 1)

def count(n):
    i = 0
    while i < n:
        i += 1
    return i
print(count(10), count(2.5), count(-1))
total = []
for i in range(3):
    total.append(i)
    i = 100
print(total, i)
for i in range(2**63 - 2, 2**63 + 1):
    print(i, end=" ")
print()
for i in range(-3, 3, 2):
    print(i, end=" ")
print(list(range(5, 0, -2)), list(range(2**70, 2**70 + 2)))
x = 0.0
for _ in range(2000):
    x = x * 1.0 + 0.0
print(x, x * -1.0, 0.0 + -0.0, -0.0 + -0.0, 0.0 - 0.0, -x, abs(-x))
for value in (1e-320, 1.7e-77, 2.3e77, 1e308 * 10, -1e-200):
    print(value, value * 2, value / 2, -value)
big = 2**61
for _ in range(4):
    print(big, -big, big + big - 1)
    big *= 2
