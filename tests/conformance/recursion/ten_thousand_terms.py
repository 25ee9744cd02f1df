# A sum of 10,000 terms; whatever the answer is, the process lives.
def attempt(source):
    try:
        return eval(source) is not None
    except (RecursionError, MemoryError):
        return True
print(attempt("+".join(["1"] * 10000)), attempt("-" * 10000 + "1"), attempt("not " * 10000 + "1"))
print(attempt("1" + "<1" * 10000), attempt("1 and " * 10000 + "1"), attempt("1" + "**1" * 10000))
import ast
for source in ("+".join(["1"] * 10000), "x" + ".y" * 10000, "x" + "()" * 10000):
    try:
        ast.parse(source)
        print("parsed or refused")
    except (RecursionError, MemoryError, SyntaxError):
        print("parsed or refused")
