print(eval("1 + 2"), eval(" 3 "), eval("x + y", {"x": 1, "y": 2}), eval(compile("5 * 5", "<e>", "eval")))
print(eval("[i for i in range(3)]"), eval(b"4"))
ns = {}
exec("a = 1\nfor i in range(3): a += i\nclass C: pass\ndef f(): return a", ns)
print(ns["a"], ns["f"](), ns["C"].__name__)
class M(dict):
    def __missing__(self, k): return f"<{k}>"
print(eval("foo + bar", {}, M()))
exec("print('in exec', __name__)")
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
