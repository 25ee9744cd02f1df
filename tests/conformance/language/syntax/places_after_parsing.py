"""Where errors are that the compiler finds after parsing: in bytes; future statements and annotations as text."""
for source in ('return "ä"', 'x = "ä"; return "ä"', "def f(ä, ä): pass", "ä = 1; from __future__ import ä",
               "'''Doc'''\n'x'\nfrom __future__ import nested_scopes\n", "'a'; 'b'; from __future__ import annotations",
               "''\nfrom __future__ import annotations\n''\nfrom __future__ import division", "'é'; nonlocal x", "'é'; break"):
    try:
        compile(source, "<s>", "exec")
        print("fine")
    except SyntaxError as e:
        print(e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset, e.text)

for annotation in ("(a,)", "a, b", "()", "(x := 1)", "lambda: 0", "(yield)", "*a", "a[b,]", "(1e1000, 1e1000j)"):
    space = {}
    try:
        exec(f"from __future__ import annotations\ndef f(*args: {annotation}): pass", space)
        print(space["f"].__annotations__)
    except SyntaxError as e:
        print(annotation, e.msg)
