class P:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
try:
    {P(1)}
except TypeError as error:
    print(error)
class H(P):
    def __hash__(self): return hash(self.v)
print(len({H(1), H(1), H(2)}), {H(1): "a"}[H(1)], P.__hash__)
class Ordered:
    def __init__(self, v): self.v = v
    def __lt__(self, o): return self.v < o.v
    def __repr__(self): return f"O{self.v}"
print(sorted([Ordered(3), Ordered(1), Ordered(2)]), max(Ordered(1), Ordered(5)))
print(min([Ordered(4), Ordered(2)]))
try:
    Ordered(1) <= Ordered(2)
except TypeError as error:
    print(error)
class All:
    def __eq__(self, o): return "eq"
    def __ne__(self, o): return "ne"
    def __lt__(self, o): return "lt"
    def __le__(self, o): return "le"
    def __gt__(self, o): return "gt"
    def __ge__(self, o): return "ge"
a = All()
print(a == 1, a != 1, a < 1, a <= 1, a > 1, a >= 1, 1 == a, 1 < a, 1 >= a, 0 < a < 5)
print(object() == object(), object() != object(), object().__eq__(1), object().__lt__(1))
