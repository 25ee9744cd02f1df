# What the tokenizer and the parser warn about comes first, even where the text is refused later.
import ast
import warnings


def warned(source, make=lambda source: compile(source, "<s>", "exec")):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        try:
            make(source)
        except SyntaxError as error:
            print("  refused:", error.msg)
    for warning in found:
        print(" ", warning.lineno, warning.category.__name__, warning.message)


def as_error(source):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            compile(source, "<s>", "exec")
        except SyntaxError as error:
            print("  error:", error.msg, error.lineno, error.offset, error.end_lineno, error.end_offset, repr(error.text))


sources = [
    "1if 1 else 2",
    "x = 0x1for y in z",
    "[0b1for x in y]",
    "0o7is x",
    "1jor x",
    "1.5and 3",
    "1not in x",
    r"'\d'",
    r"b'a\d'",
    r"'\400'",
    r"b'\400'",
    r"u'\d'",
    r"rb'\d'",
    "x = '''\n a\\d'''",
    r"'\d' '\e'",
    r"'\d' + ",
    r"'\d'; return",
    "x is 1; return",
    "if 0: '\\d'",
    "class A:\n '\\d'",
    "match x:\n case {'\\d': 1}: pass",
    "def f(a='\\d') -> '\\e': '\\f\\g'",
    "from __future__ import annotations\nx: '\\d' = 1",
    "'\\d' is x",
    "x = f'a\\{y}'",
    "f'''a\n\\}}'''",
]
for source in sources:
    print(repr(source))
    warned(source)
    as_error(source)

print("f-strings")
for source in [
    r"f'\d{x}'",
    r"f'\d{{\e'",
    r"f'{x:\d}'",
    r"f'{x!r:\d}\e'",
    r"t'\d'",
    r"rf'\d{x:\d}'",
    r"f'\N{DIGIT ONE}\d'",
    "x = f'''ab{y}\n\\d{y}''' + 3",
    "f'{\"\\d\"}'",
    r"'a' '\d' f'\e{x}\f\g'",
]:
    print(repr(source))
    warned(source)

print("trees")
for source in [r"'\d'", "1if x else y", "try: pass\nfinally: break", r"('\d' 1)"]:
    print(repr(source))
    warned(source, ast.parse)
