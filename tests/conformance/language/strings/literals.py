print("a\tb\\n\x41\101\u00e9\U0001F600\N{GREEK SMALL LETTER ALPHA}\
continued", r"\raw\n", b"\x00\xffabc", rb"\x", '''triple "quoted" 'text' ''')
print("con" 'cat' """enated""", len("\0"), ascii("é\u2028"), repr("it's"), repr('say "hi"'))
print(repr("both ' \""), repr("\x00\x7f\x80\xa0\u200b"))
print(b"bytes'"b'"x', repr(b"\t\n\r\\\x01"), "\a\b\f\v" == "\x07\x08\x0c\x0b")
for bad in (
    r"'\x4'", r"'\u123'", r"'\U00110000'", r"'\N{no such name}'", "'abc", "'''abc", "b'é'", r"b'\x4'",
    "f'a' b'b'", "'a' b'b'", "'a\nb'",
):
    try:
        compile(bad, "<s>", "eval")
    except SyntaxError as error:
        print(type(error).__name__, error.msg)
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(eval(r"'\d\400'").encode("unicode_escape"))
print([(w.category.__name__, str(w.message)) for w in caught])
