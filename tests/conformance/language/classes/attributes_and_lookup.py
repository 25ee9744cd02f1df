class C:
    shared = []
    value = 1
    def method(self):
        return self.value

a, b = C(), C()
a.shared.append("x")
a.value = 2
print(b.shared, b.value, a.value, C.value, a.method(), C.method(b))
print(a.__dict__, b.__dict__, hasattr(b, "nothing"), getattr(b, "nothing", "default"))
del a.value
print(a.value)
for action in (lambda: a.nothing, lambda: C.nothing, lambda: delattr(a, "value"), lambda: setattr(1, "x", 2),
               lambda: a.method.__self__.nope, lambda: None.x, lambda: len.x, lambda: setattr(int, "x", 1)):
    try:
        action()
    except (AttributeError, TypeError) as error:
        print(type(error).__name__, error)
print(a.method.__func__ is C.method, a.method.__self__ is a, a.method == a.method, a.method is a.method)
try:
    a.missing
except AttributeError as error:
    print(error.name, error.obj is a)
