# What CPython's parser says where another parser would stop earlier, later or not at all.
TEXTS = [
    "match x:\n case f'x': pass",
    "match x:\n case 'a' t'x': pass",
    "x = [1,\nfor i in y: pass",
    "x = (1,\nwhile 1: pass",
    "f(a,\ndef g(): pass",
    "x = {1: 2,\nclass A: pass",
    "(a, 1) = 1",
    "(1) = 1",
    "((a), (1)) = 1",
    "(a, f()) = 1",
    "a, 1 = 1",
    "f((x) = 2, y)",
    "f((x) = 2)",
    "f(y, (x) = 2, *z)",
    "def f[T: int, **P: int](): pass",
    "def f[*Ts: int](): pass",
    "class A[**P: (int, str)]: pass",
    "class A[*Ts: (int)]: pass",
    "type X[*T: f(a, b)] = int",
    "x[*T: int]",
    "import a as",
    "import a as, b",
    "with (a as b), c: pass",
    "if a, b: pass",
    "while a, b: pass",
    "class A, B: pass",
    "def f(), g: pass",
    "async def f(), g: pass",
    "try, : pass",
    "if 1: pass\nelse, : pass",
    "try: pass\nexcept A as b, c: pass",
    "try: pass\nfinally, : pass",
    "match x:\n case 1, 2 if a, b: pass",
    "{1: 2, 3}",
    "{1: 2, 3, 4: 5}",
]
for text in TEXTS:
    try:
        compile(text, "<text>", "exec")
        print(repr(text), "compiles")
    except SyntaxError as error:
        print(repr(text), error.msg, error.lineno, error.offset, error.end_lineno, error.end_offset)
