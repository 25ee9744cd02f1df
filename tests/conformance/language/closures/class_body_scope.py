x = "global"
def f():
    x = "local"
    class C:
        print(x)
        x = "class"
        print(x)
        def method(self):
            return x
        values = [x for _ in range(2)]
        first = [y for y in x][0]
    return C
C = f()
print(C().method(), C.values, C.first, C.x)
class D:
    y = y if "y" in globals() else "fell back"
    z = [i for i in range(3)]
    def g(self):
        return __class__
print(D.y, D.z, D().g() is D)
