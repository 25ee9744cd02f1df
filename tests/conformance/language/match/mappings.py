def f(x):
    match x:
        case {"kind": "circle", "r": r}:
            return f"circle {r}"
        case {"kind": kind, **rest}:
            return f"{kind} with {rest}"
        case {1: {"deep": [a, *_]}}:
            return f"deep {a}"
        case {}:
            return "a mapping"
        case _:
            return "no mapping"
for x in (
    {"kind": "circle", "r": 2, "x": 0}, {"kind": "box", "w": 1, "h": 2}, {1: {"deep": [9, 8]}}, {}, {"z": 1},
    [],
):
    print(f(x))
from collections import defaultdict
d = defaultdict(list)
match d:
    case {"missing": v}:
        print("created")
    case _:
        print("not created", dict(d))
