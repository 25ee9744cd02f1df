def f(a, b=1, *, c=2) -> int:
    "the documentation"
    inner = a
    def nested():
        return inner
    return nested

print(f.__name__, f.__qualname__, f.__module__, f.__doc__)
print(f.__defaults__, f.__kwdefaults__, f.__annotations__, f.__dict__)
nested = f(5)
print(nested.__qualname__, nested.__closure__[0].cell_contents, nested.__code__.co_freevars)
f.note = "kept"
print(f.note, vars(f))
f.__defaults__ = (10, 20)
print(f()())
f.__name__ = "renamed"
print(f.__name__, f.__code__.co_name)
try:
    f.__name__ = 5
except TypeError as error:
    print(error)
try:
    f.__code__ = 5
except TypeError as error:
    print(error)
def other(x, y):
    return x * y
def free(x, y):
    return x + y
free.__code__ = other.__code__
print(free(6, 7))
