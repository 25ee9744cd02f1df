def f(a, b, /, c, d=4):
    return a, b, c, d

print(f(1, 2, 3), f(1, 2, c=3), f(1, 2, c=3, d=5))
def attempt(*args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except TypeError as error:
        print(error)
attempt(1, b=2, c=3)
attempt(a=1, b=2, c=3)
attempt(1)
def g(a, /, **rest):
    return a, rest
print(g(1, a=2))
