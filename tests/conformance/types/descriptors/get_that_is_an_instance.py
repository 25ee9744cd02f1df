# `__get__` of a class is called as it lies there, with the descriptor as its first argument.
class A:
    pass
A.__get__ = A()
class Holder:
    a = A()
for action in (lambda: Holder.a, lambda: Holder().a):
    try:
        print(action())
    except TypeError as error:
        print(error)

class Callable:
    def __call__(self, *args):
        return len(args), [type(arg).__name__ for arg in args]
class B:
    __get__ = Callable()
Holder.b = B()
print(Holder.b, Holder().b)

class C:
    @staticmethod
    def __get__(*args):
        return [type(arg).__name__ for arg in args]
Holder.c = C()
print(Holder.c, Holder().c)

class D:
    def __get__(self, instance, owner):
        return self, instance, owner
Holder.d = d = D()
print(Holder.d == (d, None, Holder))
