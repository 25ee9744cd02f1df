"""What is said about source bytes that are no text: in a string, in a module, and in the program itself."""
import os
import subprocess
import sys

SOURCES = {
    "bom1": b"\xef\xbb\xbf#coding:iso-8859-15\nprint(1)\n",
    "bom2": b"\xef\xbb\xbf#first\n#coding:iso-8859-15\nprint(1)\n",
    "shebang": b"#! \xc3\xa4\n#coding:ascii\nprint(1)\n",
    "third": b'#coding:utf-8\nx = 1\ny = "\xa4"\nz',
    "undeclared": b'x = 1\n\ny = "ab\xa4 q"\nz',
    "alias": b"#coding:utf8 \xa4\n",
    "bom": b'\xef\xbb\xbfy = "\xa4"\n',
    "cut": b'y = "\xe2\x82"\n',
    "continued": b'#coding:utf-8\ny = "\xe2\x28"\n',
    "unknown": b"# coding: foobar\nx\n",
    "unknown2": b"\n# coding: foobar\nx\n",
    "form_feed": b"\x0c# coding: foobar\nk = 1\n",
    "bytes_codec": b"# coding: hex_codec\n3031\n",
    "undefined": b"# coding: undefined\nk = 1\n",
    "null": b'x = 1\ny = "a\0b"\n',
    "null_in_lines": b'"""\nabc\0d"""\n',
    "too_late": b"#a\n#b\n# coding: foobar\n\xe9",
    "good": b'# coding: iso-8859-15\ny = "\xa4"\n',
}

sys.path.insert(0, os.getcwd())
for name, source in SOURCES.items():
    print(name)
    try:
        exec(source, {})
    except SyntaxError as e:
        print(" ", e.msg, e.filename, e.lineno, e.offset, repr(e.text), e.end_lineno, e.end_offset, e.__context__)
    with open(f"m_{name}.py", "wb") as file:
        file.write(source)
    try:
        __import__(f"m_{name}")
    except SyntaxError as e:
        place = os.path.basename(e.filename or "None")
        print(" ", e.msg, place, e.lineno, e.offset, repr(e.text), e.end_lineno, e.end_offset)
    done = subprocess.run([sys.executable, f"m_{name}.py"], capture_output=True, text=True, errors="replace")
    print(" ", done.stderr.replace(os.getcwd(), "<here>").splitlines())
