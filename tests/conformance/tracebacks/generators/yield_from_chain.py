def inner():
    yield 1
    raise LookupError("inside")

def outer():
    yield from inner()

for value in outer():
    print(value)
