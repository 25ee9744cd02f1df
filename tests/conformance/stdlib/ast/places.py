# Nodes with their fields and places, for every kind of statement and expression.
import ast

SOURCES = [
    "x = y = a.b[c:d:2, ...]",
    "(x): int = 1; del x, y[0]",
    "@deco\n# comment\n@other(1)\nasync def f[T: int = str, *Ts, **P](a, /, b: int = 1, *c, d, e=2, **k) -> int:\n    return await g()",
    "class A(B, metaclass=M, **kw):\n    'doc'\n    x: 'int'; y = 1;\n",
    "for i, *j in z: break\nelse: continue",
    "while a < b <= c is not d: pass",
    "if a:\n    pass\nelif b:\n    pass\nelif c:\n    pass\nelse:\n    x;\n",
    "with a as b, (c): pass",
    "with (a as b, c as d,): pass",
    "try:\n    pass\nexcept (A, B) as e:\n    raise e from None\nexcept:\n    raise\nelse:\n    pass\nfinally:\n    pass",
    "try: pass\nexcept* A: pass",
    "import a.b as c, d\nfrom .. import *\nfrom .x import (y as z, w)",
    "global a, b\nnonlocal c\nassert a, b\ntype X[T] = list[T]",
    "match x:\n    case [1, *_, -2 + 3j] | {'a': b, **rest} if c: pass\n    case P(1, k=None) as q: pass\n    case (a.b, 'x' 'y'): pass\n    case _: pass",
    "lambda: (yield)\nlambda a, *, b=1: not -a ** ~b",
    "[x async for x in y if a if b]\n{x: y for x in z}\n{*a, 1}\n{**a, 'b': 1}",
    "f(x for x in y)\nf(*a, b=1, **c)\n(a if b else c, (d := e))",
    "u'a' 'b'\nb'a' b'b'\n0xFF, 1_000, 1e3, 2j, True, None, ...",
    "f'a{x!r:>{w}}b{{' 'c' f'{y = }'\nt'{a}{b!s:c}'",
    "x and y or z\na @ b // c << d\nx += 'é' + y",
]

for source in SOURCES:
    print(ast.dump(ast.parse(source), include_attributes=True, indent=1))
print(ast.dump(ast.parse("a + 1", mode="eval")))
print(ast.dump(ast.parse("a; b", mode="single")))
print(ast.dump(ast.parse("(int, *str, **list[int]) -> a.b", mode="func_type")))
print(ast.dump(compile("1", "", "exec", ast.PyCF_ONLY_AST)))
for source in SOURCES:
    print(ast.unparse(ast.parse(source)))
