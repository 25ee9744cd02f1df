def say(x):
    print("eval", x)
    return x

def f(*args, **kwargs):
    print(args, kwargs)

f(say(1), *say([2, 3]), say(4), a=say(5), **say({"b": 6}), c=say(7))
x = [0, 0]
say(x)[say(0)] = say("value")
print(say(1) + say(2) * say(3))
print(say(1) < say(2) < say(0) < say(9))
d = {say("k"): say("v"), say("k2"): say("v2")}
def g(a=say("default a"), b=say("default b")):
    pass
i = 0
i, x[i] = 1, "set at new i"
print(x)
