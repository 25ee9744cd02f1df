# Tokens of statements, strings, f-strings and comments, with their places; what cannot be tokenized.
import io
import token
import tokenize


def show(text):
    print(repr(text))
    try:
        for info in tokenize.generate_tokens(io.StringIO(text).readline):
            print("   ", token.tok_name[info.type], repr(info.string), info.start, info.end, repr(info.line))
    except (tokenize.TokenError, SyntaxError) as error:
        print("   ", type(error).__name__, error.args)


show("def f(x):\n    return x ** 2 // 3  # comment\n\n\nf(1)")
show("if a:\n\tb\nelse:\n  # only a comment\n  c\n")
show("x = (1,\n     0xFF, 1e5j, 0b1_0)\n")
show("a = 'é' + r'\\d' + b'x' '''two\nlines''' + 1\n")
show("f'{x!r:>{width}}' f'''{a}\n{{b}} {c=}'''\n")
show("t'{x}' rf'\\{y}'\n")
show("a = \\\n  b\n")
show("$ ? !\n")
show("a <> b -> c := ...\n")
show("")
show("   ")
show("\n\n# end")
show("if 1:\n   a\n  b\n")
show("(1,\n")
show("'abc\n")
show("'''abc\n")
show("0x\n")
show("1_\n")
show("f'{a\n")
print(list(tokenize.tokenize(iter([b"# coding: latin-1\n", b"'\xe9'\n"]).__next__))[3])
print(tokenize.untokenize(tokenize.generate_tokens(io.StringIO("x  =  [1,\n 2]\n").readline)))
