"""Targets of patterns and starred indices that are none."""
for s in ["match x:\n  case 42 as (a, b):\n    ...", "match x:\n  case 42 as (a + 1):\n    ...", "match x:\n  case (32 as x) | (42 as a()):\n    ...","match x:\n  case (42 as a.b):\n    ...","match x:\n  case 42 as a[1]:\n    ...", "A[:*b]", "A[:*b] = 1", "del A[:*b]", "A[1:2:*b]", "A[*b, :*c]", "x[{1: *a}]", "f(x: *a)", "match x:\n  case {'a': 1 as f()}: pass", "match x:\n  case [a, 1 as b.c]: pass"]:
    try:
        compile(s, '<s>', 'exec'); print('ok', repr(s))
    except SyntaxError as e: print(repr(s), e.msg, e.lineno, e.offset, e.end_offset)
