def outer(a):
    b = a * 2
    def middle(c):
        nonlocal b
        b += c
        def inner(d):
            nonlocal b, c
            b += d
            c += 1
            return a, b, c, d
        return inner
    return middle, lambda: b

middle, get = outer(1)
inner = middle(10)
print(inner(100), inner(1000), get())
other = middle(1)
print(other(0), get())
print(inner.__code__.co_freevars, middle.__code__.co_cellvars)
