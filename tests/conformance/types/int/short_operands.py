# Operators on ints of one to a few hundred words: every pair, against what does not take the short ways.
import operator

ones = [2**n - 1 for n in (1, 61, 62, 63, 64, 65, 127, 128, 640, 16384, 16448)]
powers = [2**n for n in (62, 63, 64, 127, 128, 640, 16384)]
numbers = [0, 5, 10**20, 10**100 + 12345, 3**500, 7**5900] + ones + powers
numbers += [-number for number in numbers]


def slow(f, a, b):
    """With an operand of a subclass, which goes the long way."""
    return f(Plain(a), b)


class Plain(int):
    pass


def add(a, b): return a + b
def sub(a, b): return a - b
def mul(a, b): return a * b
def and_(a, b): return a & b
def or_(a, b): return a | b
def xor(a, b): return a ^ b
def lt(a, b): return a < b
def eq(a, b): return a == b
def ge(a, b):
    if a >= b:
        return True
    return False


for f in (add, sub, mul, and_, or_, xor, lt, eq, ge):
    for a in numbers:
        for b in numbers:
            assert f(a, b) == slow(f, a, b), (f, a, b)
            assert type(f(a, b)) is type(slow(f, a, b))

counts = [0, 1, 7, 62, 63, 64, 65, 127, 128, 200, 16383, 16384, 20000]


def lshift(a, n): return a << n
def rshift(a, n): return a >> n
def negative(a): return -a


for a in numbers:
    assert negative(a) == 0 - a == slow(sub, 0, a)
    for n in counts:
        assert lshift(a, n) == slow(lshift, a, n) == a * 2**n
        assert rshift(a, n) == slow(rshift, a, n) == a // 2**n

# Results that are small again are the same keys as other small ints.
print({2**64 - (2**64 - 5): "difference", 2**100 >> 98: "shifted", 2**64 + 255 & 255: "masked", -(2**62): "negated"})
print({5: 1, 4: 2, 255: 3}[2**64 - (2**64 - 5)], {4: 2}[2**100 >> 98], {255: 3}[2**64 + 255 & 255])


class Flag(int):
    def __and__(self, other):
        return "own and"

    __rand__ = __lshift__ = __rlshift__ = __eq__ = __lt__ = __gt__ = __and__

    def __neg__(self):
        return "own neg"


flag = Flag(10**30)
for _ in range(3):
    print(and_(flag, 10**30), and_(10**30, flag), lshift(flag, 3), lshift(3, flag), eq(flag, 1), lt(10**30, flag), negative(flag))
for bad in (lambda: lshift(10**30, -1), lambda: rshift(10**30, -1), lambda: add(10**30, ""), lambda: lt(10**30, "")):
    try:
        bad()
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)
for left, right in [(1, 1.5), (1.5, 1), (2**53, 2.0**53), (2**53 + 1, 2.0**53), (1, float("nan")), (10**400, 1e308), ("a", "b"), ("b", "a"), ("é", "e"), ("Ā", "a"), ("a", "a")]:
    print(left if left != 10**400 else "huge", right, [f(left, right) for f in (lt, eq, ge)], left != right, left <= right, left > right)
