log = []
def tag(name):
    log.append("make " + name)
    def decorate(f):
        log.append("apply " + name)
        def wrapper(*args, **kwargs):
            return f"<{name}>{f(*args, **kwargs)}</{name}>"
        return wrapper
    return decorate

@tag("outer")
@tag("middle")
@tag("inner")
def hello(who):
    return "hello " + who

print(hello("you"))
print(log)
table = {"twice": lambda f: lambda *a: f(*a) * 2}
@table["twice"]
def word():
    return "ab"
print(word())
@lambda f: f.__name__
def replaced():
    pass
print(replaced)
