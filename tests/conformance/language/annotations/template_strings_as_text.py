"""The fields of t-strings stay as they were written when annotations become text."""
for text in ("t'{a    +  b}'", "t'{a  +  b !r:>{ c  + d}}'", "t'x{ (a) }y{b=}'", "t'{a:{t\"{c  +  d}\"}}'",
             "f'{t\"{a   + b}\"}'", "t'{f\"{a   +  b}\"}'", "t'{a}' t'{ b}'", "t'{ {1:  2} }'", "t'{{{a}}}'"):
    space = {}
    exec(f"from __future__ import annotations\ndef f(x: {text}): pass", space)
    print(space["f"].__annotations__["x"])
