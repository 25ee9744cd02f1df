"""Backslashes at the end of the text and in front of indentation, and the end of an expression."""


def tell(text, mode):
    try:
        compile(text, "<text>", mode)
        print(repr(text), mode, "compiles")
    except SyntaxError as error:
        print(repr(text), mode, type(error).__name__, error.msg, error.lineno, error.offset, error.end_lineno,
              error.end_offset, repr(error.text))


for text in ("\\", "x\\", " \\", "1 + \\", "\\\n", "x \\\n", "x\\ y", "\\ ", "'a'\\", "\\\n\\"):
    for mode in ("eval", "exec", "single"):
        tell(text, mode)
for text in ("x +", "lambda x", "a.", "a[", "f(", "(", "a b", "a if b", "not", "x ==", "[1,", "{", "'a' +", "-", "*", "*a",
             "lambda", "(1)) ", "]", "x\n\n+", "a b\n", "x +\n", "  x +"):
    tell(text, "eval")
for text in ("if x:\n    y = 1\n  \\\n  foo = 1\n", "if x:\n    y = 1\n    \\\n  foo = 1\n",
             "if x:\n    y = 1\n  \\\n    foo = 1\n", "if x:\n    y = 1\n\\\n    foo = 1\n",
             "if x:\n    y = 1\n\\\n  foo = 1\n", "if x:\n    y = 1\n\\\nfoo = 1\n", "if x:\n  \\\n  y = 1\n  z = 2\n",
             "if x:\n  \\\n y = 1\n  z = 2\n", "\\\n  x = 1", "  \\\nx = 1", " \\\n\\\n x", "x = 1\n  \\\ny = 2\n"):
    tell(text, "exec")
