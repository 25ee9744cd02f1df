class Proxy:
    def __init__(self, target):
        object.__setattr__(self, "target", target)
    def __getattr__(self, name):
        print("getattr", name)
        return getattr(self.target, name)
    def __setattr__(self, name, value):
        print("setattr", name, value)
        setattr(self.target, name, value)
    def __delattr__(self, name):
        print("delattr", name)
        delattr(self.target, name)
    def __dir__(self):
        return ["b", "a"]

class T:
    pass
t = T()
p = Proxy(t)
p.x = 1
print(p.x, t.x, p.target is t, dir(p))
del p.x
print(hasattr(p, "x"))
class All:
    def __getattribute__(self, name):
        if name == "nope":
            raise AttributeError("custom message")
        return "all " + name
print(All().anything, All().__dict__, getattr(All(), "nope", "default"))
try:
    All().nope
except AttributeError as error:
    print(error)
