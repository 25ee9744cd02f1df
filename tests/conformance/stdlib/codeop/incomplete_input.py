# codeop tells what is incomplete from what is wrong.
import codeop

for source in ("a = 1", "for a in b:", "if x:\n  pass", "if x:\n  pass\n", "(", "'''a", "a b", "'abc", "else:", "x = (1,\n", "def f():\n",
               "a = 1 +", "#c", "", "try:\n pass\n", "@a", "a \\"):
    try:
        print(repr(source), codeop.compile_command(source) is not None)
    except SyntaxError as error:
        print(repr(source), type(error).__name__, error.msg)
