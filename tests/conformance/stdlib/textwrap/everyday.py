import textwrap
text = "The quick brown fox jumps over the lazy dog, and a verylongwordthatdoesnotfit ends it."
print(textwrap.fill(text, 20))
print(textwrap.wrap(text, 30, initial_indent="* ", subsequent_indent="  "), textwrap.shorten(text, 30))
print(textwrap.shorten(text, 30, placeholder="..."))
print(textwrap.dedent("""\
    a
      b
    c
"""), textwrap.indent("a\n\nb\n", "> "), textwrap.wrap("", 10), textwrap.wrap("a-b-c d", 4), textwrap.wrap("abc def", 2, break_long_words=False), textwrap.fill("x\ty", 40, expand_tabs=True))
try:
    textwrap.wrap("a", 0)
except ValueError as error:
    print(error)
