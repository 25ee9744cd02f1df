# `__debug__` may be bound nowhere: where each refusal points to.
sources = [
    "f(__debug__=1)",
    "f(a=(yield), __debug__=1)",
    "class C(__debug__=42): ...",
    "class C(A, *b, x=1, __debug__=42): 'x'; return",
    "class C[T](__debug__=1): pass",
    "class C(a=[x:=1 for x in y], __debug__=1): pass",
    "match x:\n case Foo(a, __debug__=1, b=2): pass",
    "match x:\n case Foo(a, __debug__=[__debug__]): pass",
    "match x:\n case Foo(__debug__): pass",
    "match x:\n case {1: 2, **__debug__}: pass",
    "match x:\n case __debug__: pass",
    "match x:\n case [*__debug__]: pass",
    "match x:\n case 1 as __debug__: pass",
    "x.__debug__ = 1",
    "del x.__debug__",
    "for __debug__ in x: pass",
    "def f(__debug__): pass",
    "lambda **__debug__: 0",
    "import a as __debug__",
    "with a as __debug__: pass",
    "try: pass\nexcept A as __debug__: pass",
    "(__debug__ := 1)",
    "[1 for __debug__ in x]",
    "def f[__debug__](): pass",
    "type __debug__ = 1",
    "global __debug__",
    "__debug__: int",
    "__debug__ += 1",
]
for source in sources:
    try:
        compile(source, "<s>", "exec")
        print(repr(source), "compiles")
    except SyntaxError as error:
        print(repr(source), error.msg, error.lineno, error.offset, error.end_lineno, error.end_offset)

print("parameters with stars")
for source in [
    "def f(*__debug__): pass",
    "def f(**__debug__: int): pass",
    "def f(a, *a): pass",
    "lambda a, **a: 0",
    "def f():\n nonlocal __debug__",
    "def f():\n global __debug__\n __debug__ = 1",
]:
    try:
        compile(source, "<s>", "exec")
        print(repr(source), "compiles")
    except SyntaxError as error:
        print(repr(source), error.msg, error.lineno, error.offset, error.end_lineno, error.end_offset)
