# Assignments, statements, words and targets where they may not be: message, place and line.
SOURCES = [
    '"a "b c" d"', '"a" b "c"', "x = pass if 1 else 1", "x = 1 if 1 else pass", "a = 1 if 2 else import x",
    "for i < (): pass", "[x for x if y]", "[x for x]", "def f(*None): pass", "def f(a,**b: int=3): pass",
    "def f(a=1,/*,b): pass", "lambda a,/*,b: 1", "class C(x for x in L): pass", "f(*args=[0])", "f(**k={})", "f(a=)",
    "f(x=y for y in z)", "[a b c d e f]", "{'A'=22, 'B'=23}", "{a=1}", "(a=1)", "[a.b=1]", "(a, b=1)", "f(a, b c d)",
    "try: pass\nexcept a, b as c.d: pass", "try: pass\nexcept a, b as c: pass", "try: pass\nexcept a as b.c: pass",
    "try: pass\nexcept* a as 1: pass", "try: pass\nexcept: pass\nexcept* a: pass", "try: pass", "match x:\n case 1 as 2: pass",
    "f'{a b}'", "f'{lambda x:1}'", "f'{*}'", "f'{a;b}'", "(x := 1) = 2", "from a import b,", "import a,", "@a", "type X",
    "def f[](): pass", "def f[T=]: pass", "t'a' 'b'", "with (a as b c as d): pass", "x = {1: 2, 3}", "x = {1: *a}",
    "def f((a, b)): pass", "lambda x=: 1", "raise x, y", "del (*a)",
]

for source in SOURCES:
    try:
        compile(source, "source", "exec")
    except SyntaxError as error:
        print(repr(source), type(error).__name__, error.msg, error.lineno, error.offset, repr(error.text),
              error.end_lineno, error.end_offset)
for mode, source in (("eval", ""), ("eval", "a b"), ("eval", "(\n"), ("single", "a\nb"), ("single", "a;b\nc"),
                     ("single", "def f(): pass\nx"), ("single", "")):
    try:
        compile(source, "source", mode)
    except SyntaxError as error:
        print(mode, repr(source), error.args)
for source in (b"X\x80", b"\xc3\xa9X\x80", b"a\n\xc3\xa9b\x80c\nd"):
    try:
        compile(source, "source", "exec")
    except SyntaxError as error:
        print(error.msg, error.lineno, error.offset, repr(error.text))

