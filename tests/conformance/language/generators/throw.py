def robust():
    while True:
        try:
            yield "waiting"
        except ValueError as error:
            yield f"handled {error}"
        except KeyError:
            return "ended by KeyError"

g = robust()
print(next(g), g.throw(ValueError("one")), next(g), g.throw(ValueError("two")))
next(g)
try:
    g.throw(KeyError)
except StopIteration as stop:
    print(stop.value)
try:
    g.throw(IndexError("after the end"))
except IndexError as error:
    print(error)
g = robust()
try:
    g.throw(OSError("before the start"))
except OSError as error:
    print(error)
print(next(g, "finished"))
for bad in (5, "text", int):
    try:
        robust().throw(bad)
    except TypeError as error:
        print(error)
def rethrow():
    try:
        yield
    except ValueError as error:
        raise RuntimeError("converted") from error
g = rethrow()
next(g)
try:
    g.throw(ValueError("cause"))
except RuntimeError as error:
    print(error, repr(error.__cause__))
