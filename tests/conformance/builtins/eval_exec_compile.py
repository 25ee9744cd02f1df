print(eval("1 + 2"), eval(" 3 "), eval("x + y", {"x": 1, "y": 2}), eval(compile("5 * 5", "<e>", "eval")), eval("[i for i in range(3)]"), eval(b"4"))
ns = {}
exec("a = 1\nfor i in range(3): a += i\nclass C: pass\ndef f(): return a", ns)
print(ns["a"], ns["f"](), ns["C"].__name__)
class M(dict):
    def __missing__(self, k): return f"<{k}>"
print(eval("foo + bar", {}, M()))
exec("print('in exec', __name__)")
for action in (lambda: eval("1 +"), lambda: eval("x = 1"), lambda: eval(""), lambda: eval(5), lambda: exec(5), lambda: compile("1", "f", "wrong"), lambda: eval("1", 5), lambda: eval("1", {}, 5), lambda: exec("1/0"), lambda: eval("nope"), lambda: compile("a\0b", "f", "exec"), lambda: compile(5, "f", "exec"), lambda: eval("import os"), lambda: eval("lambda: (yield)")().__next__() if False else "", lambda: compile("x", "f", "exec", flags=1 << 30)):
    try:
        print(action())
    except (SyntaxError, TypeError, ValueError, ZeroDivisionError, NameError) as error:
        print(type(error).__name__, str(error))
code = compile("x = 1\nx + 1", "name.py", "exec")
print(code.co_filename, code.co_name, code.co_firstlineno, code.co_names, exec(code))
exec("def g(*, a): return a", globals())
print(g(a=3), exec("pass", closure=None))
def outer():
    v = 10
    def inner(): return v
    return inner
inner = outer()
exec(inner.__code__, {}, closure=inner.__closure__)
