class Point:
    __match_args__ = ("x", "y")
    def __init__(self, x, y):
        self.x, self.y = x, y
class Plain:
    pass
def f(p):
    match p:
        case Point(0, 0):
            return "origin"
        case Point(x, y=0):
            return f"on x at {x}"
        case Point(x=a, y=b) if a == b:
            return f"diagonal {a}"
        case Point():
            return "somewhere"
        case int(n) if n > 100:
            return f"big {n}"
        case int() | float():
            return "number"
        case str(s) | bytes(s):
            return f"text {s!r}"
        case list([first, *_]):
            return f"list of {first}"
        case dict():
            return "dict"
        case Plain(attr=v):
            return f"plain {v}"
        case _:
            return "?"
p = Plain()
q = Plain()
q.attr = 5
for x in (Point(0, 0), Point(3, 0), Point(4, 4), Point(1, 2), 1000, 1, 1.5, "s", b"b", [1, 2], [], {}, p, q):
    print(f(x))
for bad, value in (
    ("Point(1, 2, 3)", Point(1, 2)), ("Plain(1)", Plain()), ("int(1, 2)", 5), ("nothing()", 5),
):
    nothing = 5
    try:
        exec(f"match value:\n case {bad}: pass")
    except TypeError as error:
        print(error)
