# Letters that are younger than Unicode 16 are no letters of identifiers.
sources = [chr(0x323B0), "a" + chr(0x3284F), "x = [1, " + chr(0x3D513) + "]", "é = ü\u0558", chr(0x2FA1D) + " = 1", "ª = 1"]
for source in sources:
    try:
        compile(source, "<s>", "exec")
        print(ascii(source), "compiles")
    except SyntaxError as error:
        print(ascii(source), error.msg, error.lineno, error.offset, error.end_lineno, error.end_offset)
