# What the tokenizer refuses is told first, with its place and the line.
SOURCES = [
    "if 1:\n   a\n  b\n", "if 1:\n\tx\n        y", "x\\ y", "a = 1 + \\", "(\n", "x = (1,\n  2\ny = 3\n", "[1,\n2",
    "foo(a, b for x in y)\n)", "a b\n'x", "a b\n)", "a b\n  \\ c", "if 1:\n  a b\n c", "  a", "a\n  b", "def f():",
    "'abc", "'abc\\'\n", "'''abc\nd", "f'{a", "f'{a:{b", "f'{a}}'", "f'}'", "f'{a'", "f'{a[}'", "f'{)}'", "f'''{\n'''",
    "f'{a:\n}'", "0777", "1__0", "0x", "0xg", "0b12", "0o8", "1e", "1e+", "1.e", "1jx", "1x", "é = €", "\x01", "a\u00a0b",
    "ub'a'", "fb'a'", "tf'a'", ")", "(]", "{)", "[(])", "f(x\n]", "a = {'x': 1\nb = 2", "x = 1_000_", "x = 'a' 'b",
    "a\\\n", "f'{a:{b:{c:{d}}}}'", "import a from b\n'", "def f(x:\n  pass\n",
]

for source in SOURCES:
    try:
        compile(source, "source", "exec")
    except SyntaxError as error:
        print(repr(source), type(error).__name__, error.msg, error.lineno, error.offset, repr(error.text),
              error.end_lineno, error.end_offset)
for source in ("x = 1\nglobal x", "def f(a, a): pass", "return", "def f():\n from a import *", "nonlocal x"):
    try:
        compile(source, "source", "exec")
    except SyntaxError as error:
        print(error.args, error.filename, error.lineno, error.offset, error.text, error.end_lineno, error.end_offset)
