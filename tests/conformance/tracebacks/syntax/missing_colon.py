# options: -X utf8
exec(compile("def f(x)\n    return x\n", "given.py", "exec"))
