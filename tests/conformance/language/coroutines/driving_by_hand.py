class Wait:
    def __init__(self, value): self.value = value
    def __await__(self):
        got = yield self.value
        return got

async def inner(x):
    return (await Wait(x)) + 1

async def outer():
    first = await inner(10)
    second = await inner(20)
    return first, second

c = outer()
print(c.send(None), c.send(100))
try:
    c.send(200)
except StopIteration as stop:
    print(stop.value)
try:
    c.send(None)
except RuntimeError as error:
    print(error)
c = outer()
next_value = c.send(None)
try:
    c.throw(ValueError("thrown in"))
except ValueError as error:
    print(next_value, error)
c = inner(1)
print(c.cr_frame.f_locals, c.cr_running, c.cr_suspended, c.cr_code.co_name, type(c).__name__, c.__qualname__)
c.close()
for bad in ("c.__next__()", "iter(c)", "list(c)"):
    try:
        eval(bad)
    except (TypeError, AttributeError) as error:
        print(error)
async def awaits_number():
    await 5
try:
    awaits_number().send(None)
except TypeError as error:
    print(error)
