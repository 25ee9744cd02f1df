# A word that is nearly a keyword is suggested.
import traceback

for source in ("fur a in b:\n    pass", "if x:\n    pass\nelso:\n    pass", "whille True:\n    pass", "iff x:\n    pass",
               "x = 1\nimpor math", "asynch def f():\n    pass", "a b c d e"):
    try:
        compile(source, "<string>", "exec")
    except SyntaxError as error:
        print("".join(traceback.format_exception_only(error)))
