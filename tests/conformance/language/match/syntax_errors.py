for body in (
    "case a: pass\n case b: pass", "case a | b: pass", "case [a, a]: pass", "case {'k': 1, 'k': 2}: pass",
    "case [*a, *b]: pass", "case Point(x=1, x=2): pass", "case {**rest, 'k': v}: pass", "case 1 + 1: pass",
    "case f(): pass\n case x.y(): pass", "case -x: pass", "case {**_}: pass", "case a as _: pass",
    "case C(a=1, 2): pass",
):
    try:
        compile(f"match x:\n {body}", "<match>", "exec")
        print("compiled")
    except SyntaxError as error:
        print(error.msg)
