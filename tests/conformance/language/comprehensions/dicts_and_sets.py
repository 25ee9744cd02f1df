print({x: x * x for x in range(4)}, {k: v for k, v in {"a": 1, "b": 2}.items() if v > 1})
print(sorted({c.lower() for c in "Hello World" if c.isalpha()}), {i % 3 for i in range(10)} == {0, 1, 2})
print({v: k for k, v in {"x": 1, "y": 1}.items()})
order = []
def note(x):
    order.append(x)
    return x
{note(("k", i)): note(("v", i)) for i in range(2)}
print(order)
try:
    {[]: 1 for _ in range(1)}
except TypeError as error:
    print(error)
print({**{"a": 1}, **{"b": 2}, "a": 3}, {*"ab", *"bc"} == {"a", "b", "c"}, [*range(3), *"x"], (*[], 1))
inner = {k: {j: k * j for j in range(2)} for k in range(2)}
print(inner)
