# Source text of absurd depth ends in a value or in an exception.
def end(source, mode="eval"):
    try:
        code = compile(source, "<deep>", mode)
    except (SyntaxError, RecursionError, MemoryError) as error:
        return type(error).__name__
    return "compiled"
for n in (50, 150, 201, 5000):
    print(n, end("(" * n + "1" + ")" * n) if n != 150 else "")
    print(end("[" * n + "]" * n) if n in (50, 201, 5000) else "")
    print(end("{1:" * n + "1" + "}" * n) if n in (50, 5000) else "")
print(eval("+".join(["1"] * 2000)), end("not " * 50 + "1"), end("a" + ".b" * 1000), end("f" + "(1)" * 1000))
print(end("a" + "[0]" * 1000))
print(end("x = 1\n" * 20000, "exec"), end(" + ".join(f"'{i}'" for i in range(2000))))
print(eval("sum([" + "1, " * 20000 + "])"))
print(end("".join("    " * i + "if x:\n" for i in range(90)) + "    " * 90 + "pass\n", "exec"))
print(end("".join(" " * i + "if x:\n" for i in range(101)) + " " * 101 + "pass\n", "exec"))
print(end("lambda: " * 100 + "1"), end("if x: pass\n" + "elif x: pass\n" * 1000, "exec"))
print(end("f'" + "{1}" * 5000 + "'"), end("a" + " if b else a" * 500))
