class V:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __repr__(self):
        return f"V({self.x}, {self.y})"
    def __add__(self, other):
        return V(self.x + other.x, self.y + other.y) if isinstance(other, V) else NotImplemented
    def __mul__(self, k):
        return V(self.x * k, self.y * k)
    __rmul__ = __mul__
    def __neg__(self):
        return V(-self.x, -self.y)
    def __matmul__(self, other):
        return self.x * other.x + self.y * other.y
    def __eq__(self, other):
        return isinstance(other, V) and (self.x, self.y) == (other.x, other.y)
    def __bool__(self):
        return bool(self.x or self.y)
    def __iadd__(self, other):
        self.x += other.x
        return self
    def __divmod__(self, k):
        return "divmod", k
    def __pow__(self, n, mod=None):
        return "pow", n, mod
    def __abs__(self):
        return 5
    def __invert__(self):
        return "invert"
    def __round__(self, n=None):
        return "round", n
a, b = V(1, 2), V(3, 4)
print(a + b, a * 3, 3 * a, -a, a @ b, a == V(1, 2), a != b, bool(V(0, 0)))
print(divmod(a, 2), a ** 3, pow(a, 2, 7), abs(a), ~a, round(a), round(a, 2))
alias = a
a += b
print(a, alias is a)
for action in (
    "a + 1", "1 + a", "a - b", "a < b", "a @ 1", "+a", "a[0]", "len(a)", "a()", "hash(a)", "int(a)", "a % 2",
    "iter(a)", "next(a)", "1 in a", "float(a)", "a -= 1", "del a[0]", "a[0] = 1", "[1][a]",
):
    try:
        exec(action)
        print(action, "worked")
    except (TypeError, AttributeError) as error:
        print(action, "->", error)
