def f(a, *, key, other="o"):
    return a, key, other

print(f(1, key=2), f(key=3, a=1, other=4))
def attempt(*args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except TypeError as error:
        print(error)
attempt(1)
attempt(1, 2)
attempt(1, 2, key=3)
attempt(1, key=2, wrong=3)
print(f.__kwdefaults__)
def g(*, x, y, z):
    pass
try:
    g()
except TypeError as error:
    print(error)
