# What is said of a global or nonlocal declaration that comes after another use of the name.
bodies = (
    "print(x)", "x = 1", "x = 1; print(x)", "print(x); x = 1", "x: int", "x: int; print(x)", "x: int = 1", "del x", "import x",
    "for x in (): pass", "x += 1", "def x(): pass", "class x: pass", "(x := 1)", "with y as x: pass", "lambda: x",
    "try: pass\n except E as x: pass", "[x for x in y]", "[y for y in x]", "x.y = 1", "x[0] = 1", "global x",
)
for word in ("global", "nonlocal"):
    for body in bodies:
        text = f"def outer():\n x = 0\n def f():\n  " + body.replace("\n", "\n ") + f"\n  {word} x\n"
        try:
            compile(text, "f", "exec")
            print(word, repr(body), "fine")
        except SyntaxError as error:
            print(word, repr(body), error.msg, error.lineno)
for text in ("def f(x):\n print(x)\n global x", "print(x)\nglobal x", "x = 1\nglobal x", "class A:\n x\n global x", "class A:\n x = 1\n x\n global x"):
    try:
        compile(text, "f", "exec")
        print("fine")
    except SyntaxError as error:
        print(error.msg)
