# An unexpected indentation is told about at once, whatever the tokenizer would say of the text behind it.
for source in [
    "x\n  y = 'a",
    "x\n  y = (1]",
    "x\n  y\n1a",
    "x\n  y\n'''",
    "x\n  )",
    "  )",
    "  'a",
    "  x\n\u20ac",
    "(1\nx\n  y",
    "if x:\n  y\n    z = 1__0",
    "1a\n  y",
    "'a\n  y",
    "x\n  f'{'",
    "if x:\n  a\n b\n  'c",
]:
    try:
        compile(source, "<s>", "exec")
        print(ascii(source), "compiles")
    except SyntaxError as error:
        place = error.lineno, error.offset, error.end_lineno, error.end_offset
        print(ascii(source), type(error).__name__, error.msg, *place)
