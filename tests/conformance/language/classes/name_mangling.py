class A:
    __secret = 1
    def __init__(self):
        self.__own = 2
    def read(self):
        return self.__own, self.__secret, A.__secret
    def __private(self):
        return "private"
    def call(self):
        return self.__private()
    __dunder__ = "not mangled"

class B(A):
    __secret = 3
a = B()
print(a.read(), a.call(), sorted(vars(a)), B._B__secret, B.__dunder__)
try:
    a.__own
except AttributeError as error:
    print(error)
class _Under:
    __x = 1
print(_Under._Under__x)
