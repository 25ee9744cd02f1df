ns = {}
exec("a = 1\nfor i in range(3): a += i\nclass C: pass\ndef f(): return a", ns)
exec("print('in exec', __name__)")
for action in (
    lambda: eval("1 +"), lambda: eval("x = 1"), lambda: eval(""), lambda: eval(5), lambda: exec(5),
    lambda: compile("1", "f", "wrong"), lambda: eval("1", 5), lambda: eval("1", {}, 5), lambda: exec("1/0"),
    lambda: eval("nope"), lambda: compile("a\0b", "f", "exec"), lambda: compile(5, "f", "exec"),
    lambda: eval("import os"), lambda: eval("lambda: (yield)")().__next__() if False else "",
    lambda: compile("x", "f", "exec", flags=1 << 30),
):
    try:
        print(action())
    except (SyntaxError, TypeError, ValueError, ZeroDivisionError, NameError) as error:
        print(type(error).__name__, str(error))
