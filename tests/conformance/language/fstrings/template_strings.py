name, n = "world", 3.14159
t = t"hello {name!r} and {n:.2f} end"
print(type(t).__name__, t.strings, t.values)
for i in t.interpolations:
    print(i.value, i.expression, i.conversion, i.format_spec)
print(list(t"a{1}{2}b")[0], [type(p).__name__ for p in t"a{1}{2}b"], t"".strings, t"{n=}".strings)
both = t"a{1}" + t"b{2}"
print(both.strings, both.values)
try:
    t"x" + "y"
except TypeError as error:
    print(error)
def render(template):
    return "".join(p if isinstance(p, str) else f"<{p.value}>" for p in template)
print(render(t"one {1 + 1} three {name.upper()}"))
