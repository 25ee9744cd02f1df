class CM:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow
    def __enter__(self):
        print("enter", self.name)
        return self.name
    def __exit__(self, kind, value, tb):
        print("exit", self.name, kind.__name__ if kind else None, value)
        return self.swallow

with CM("a") as a, CM("b") as b:
    print(a, b)
with (CM("c") as c, CM("d")):
    pass
with CM("swallows", True):
    raise ValueError("gone")
try:
    with CM("outer"), CM("inner"):
        raise KeyError("k")
except KeyError as error:
    print("came out", error)
def f():
    with CM("return"):
        return "value"
print(f())
for i in range(2):
    with CM(f"loop{i}"):
        if i == 0:
            continue
        break
with CM("unpacks") as (x, *rest):
    print(x, rest)
class Target:
    pass
t = Target()
with CM("attr") as t.attr:
    print(t.attr)
