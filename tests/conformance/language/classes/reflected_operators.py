class A:
    def __add__(self, o): return "A.add"
    def __radd__(self, o): return "A.radd"
    def __lt__(self, o): return "A.lt"
    def __gt__(self, o): return "A.gt"
    def __sub__(self, o): return NotImplemented
class B(A):
    def __radd__(self, o): return "B.radd"
    def __gt__(self, o): return "B.gt"
    def __rsub__(self, o): return "B.rsub"
class C:
    def __radd__(self, o): return "C.radd"
a, b, c = A(), B(), C()
print(a + b, b + a, a + c, c + a if False else 1 + c, 1 + a, b + b)
print(a < b, b < a, a > b, 1 < a, a - b)
try:
    b - a
except TypeError as error:
    print(error)
class E:
    def __eq__(self, o):
        print("E.eq")
        return NotImplemented
class F:
    def __eq__(self, o):
        print("F.eq")
        return True
print(E() == F(), E() == E(), E() != 1)
