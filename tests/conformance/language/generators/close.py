def g():
    try:
        yield 1
        yield 2
    except GeneratorExit:
        print("exit")
        raise
    finally:
        print("finally")

a = g()
next(a)
print(a.close(), a.close(), next(a, "closed"))
b = g()
print(b.close())
def stubborn():
    while True:
        try:
            yield
        except GeneratorExit:
            pass
s = stubborn()
next(s)
try:
    s.close()
except RuntimeError as error:
    print(error)
def gives_value():
    try:
        yield
    except GeneratorExit:
        return "value of close"
v = gives_value()
next(v)
print(v.close())
def fails():
    try:
        yield
    finally:
        raise KeyError("in finally")
f = fails()
next(f)
try:
    f.close()
except KeyError as error:
    print(error)
