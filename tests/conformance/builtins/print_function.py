import io
print(1, "a", None, [1], sep=", ", end="!\n")
print()
print("no newline", end="")
print(" | next")
print(*range(3), sep="")
out = io.StringIO()
print("to a file", 5, file=out, flush=True)
print(repr(out.getvalue()))
class W:
    def __init__(self): self.parts = []
    def write(self, s): self.parts.append(s)
w = W()
print("x", "y", file=w)
print(w.parts)
class S:
    def __str__(self): return "str()"
    def __repr__(self): return "repr()"
print(S(), [S()], f"{S()}")
for kw in ({"sep": 5}, {"end": 5}, {"file": 5}, {"wrong": 1}):
    try:
        print("x", **kw)
    except (TypeError, AttributeError) as error:
        print(error)
print("a", sep=None, end=None)
print("é日😀", "\t|")
