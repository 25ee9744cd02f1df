source = "total = (1 +\n    2\nprint(total)\n"
exec(compile(source, "given.py", "exec"))
