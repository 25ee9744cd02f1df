class Temperature:
    def __init__(self):
        self._c = 0.0
    @property
    def fahrenheit(self):
        "in Fahrenheit"
        return self._c * 9 / 5 + 32
    @fahrenheit.setter
    def fahrenheit(self, value):
        self._c = (value - 32) * 5 / 9
    @fahrenheit.deleter
    def fahrenheit(self):
        print("deleted")
    @property
    def readonly(self):
        return 1
    write = property(None, lambda self, v: print("write", v))

t = Temperature()
t.fahrenheit = 212
print(t._c, t.fahrenheit, Temperature.fahrenheit.__doc__)
del t.fahrenheit
t.write = 5
for action in (lambda: setattr(t, "readonly", 2), lambda: delattr(t, "readonly"), lambda: t.write):
    try:
        action()
    except AttributeError as error:
        print(error)
print(Temperature.readonly.fget(t), Temperature.readonly.fset, Temperature.readonly.__name__)
class Sub(Temperature):
    @Temperature.fahrenheit.getter
    def fahrenheit(self):
        return "overridden"
print(Sub().fahrenheit)
