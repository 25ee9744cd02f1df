source = "x = 1\nvalues = [1, 2 3, 4]\n"
exec(compile(source, "given.py", "exec"))
