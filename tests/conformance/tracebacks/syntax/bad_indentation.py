source = "if True:\n    a = 1\n  b = 2\n"
exec(compile(source, "given.py", "exec"))
