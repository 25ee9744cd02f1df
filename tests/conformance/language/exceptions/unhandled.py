class Special(Exception):
    pass
def f():
    raise Special("nobody handles this")
print("before")
f()
