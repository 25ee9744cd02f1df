print(None, repr(None), bool(None), None == None, None is None, type(None)(), hash(None) == hash(None), ...)
print(Ellipsis is ..., NotImplemented, type(...)() is ..., [None] * 2, str(None), f"{None}")
for code in (
    "None = 1", "True = 1", "... = 1", "def f(None): pass", "None += 1", "class None: pass",
    "for None in x: pass", "import a as None",
):
    try:
        compile(code, "<c>", "exec")
    except SyntaxError as error:
        print(error.msg)
