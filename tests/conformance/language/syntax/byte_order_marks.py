# A mark before encoded source says how it is encoded; anywhere else it is a character like any other.
import ast

for source in [
    "\ufeffx=1",
    "\ufeff",
    "\ufeff\ufeffx",
    "x=1\n\ufeffy=2",
    "'\ufeff'",
    b"\xef\xbb\xbfx=1",
    b"\xef\xbb\xbf",
    b"\xef\xbb\xbf\xef\xbb\xbfx=1",
    b"\xef\xbb\xbf# coding: utf-8\nx=1",
    b"\xef\xbb\xbf# coding: latin-1\nx=1",
]:
    for make in lambda source: compile(source, "<s>", "exec"), ast.parse:
        try:
            make(source)
            print(ascii(source), "is good")
        except SyntaxError as error:
            place = error.lineno, error.offset, error.end_lineno, error.end_offset
            print(ascii(source), error.msg, *place, ascii(error.text))
