x = (1 +
     2)
y = [
    1,  # comment
    2,
]
if x: print("one line"); print("two statements")
z = 1; \
w = 2
def f(): return "inline"
class C: a = 1; b = 2
print(x, y, z, w, f(), C.b)
if True:
	print("a tab")
s = """line
  kept"""
print(repr(s))
print(1if 1else 2, [1for _ in"ab"]) if False else None
print("""a""" 'b'
      "c")
if 1:
    pass
    # a comment
else:
    pass
print(0x_f, 1_0, (), (1,), [], {}, {1}, ...)
λ = "unicode names"
print(λ, "ﬁ".isidentifier())
ﬁx = "normalised"
print(fix)
for source in ("if 1:\n\tx\n        y", "if 1:\n    x\n\ty", "if 1:\nx", "x\n  y"):
    try:
        compile(source, "<layout>", "exec")
    except SyntaxError as error:
        print(type(error).__name__, error.msg)
