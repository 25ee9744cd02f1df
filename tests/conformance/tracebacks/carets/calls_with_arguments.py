def outer(n, *args):
    return inner(n + 1, [n,
                         n * 2], key=n)

def inner(*args, **kwargs):
    return len(args) + missing_function(kwargs["key"], 2)

outer(1)
