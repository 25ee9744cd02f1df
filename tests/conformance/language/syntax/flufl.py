"""from __future__ import barry_as_FLUFL (PEP 401)."""
import __future__
import ast

FLAG = __future__.CO_FUTURE_BARRY_AS_BDFL
for source, flags in [("2 <> 3", 0), ("2 <> 3", FLAG), ("2 != 3", FLAG), ("from __future__ import barry_as_FLUFL\n2 <> 3", 0),
                      ("from __future__ import barry_as_FLUFL;2 != 3", 0), ("from .__future__ import barry_as_FLUFL; 2 <> 3", 0),
                      ("from __future__ import (annotations, barry_as_FLUFL)\nx = '<>' + f'{1 <> 2}'  # !=", 0),
                      ("x = 1 < 2 <> 3", FLAG), ("2 < > 3", FLAG)]:
    try:
        compile(source, "<s>", "exec", flags)
        print(repr(source), flags, ast.unparse(compile(source, "<s>", "exec", flags | ast.PyCF_ONLY_AST)))
    except SyntaxError as e:
        print(repr(source), flags, e.msg, e.lineno, e.offset, e.end_offset, repr(e.text))
space = {}
exec("from __future__ import barry_as_FLUFL\nx = 2 <> 3, 2 <> 2", space)
print(space["x"])
