"""Names that are constants once they are normalised, and limits of integer literals."""
import ast
import sys

for text in ("𝕋𝕣𝕦𝕖", "𝕋𝕣𝕦𝕖 = 1", "f(𝕋𝕣𝕦𝕖=2)", "import ℕ𝕠𝕟𝕖", "def ℕ𝕠𝕟𝕖(): pass", "x.ℕ𝕠𝕟𝕖", "𝕩 = 3", "def f(𝔽alse): pass"):
    for compiled in (ast.parse, lambda text: compile(text, "", "exec")):
        try:
            compiled(text)
            print(text, "compiles")
        except (SyntaxError, ValueError) as error:
            print(text, type(error).__name__, error)

for limit in (4000, 0, 5000):
    sys.set_int_max_str_digits(limit)
    for digits in (3999, 4001, 4400, 5001):
        for function in (ast.literal_eval, eval):
            try:
                print(limit, digits, function("7" * digits) % 1000)
            except SyntaxError as error:
                print(limit, digits, error.msg, error.lineno, error.offset)

for text in ('def f():\n    """"""\n', '"x"', 'class A:\n  "a longer text"'):
    tree = ast.parse(text, optimize=2)
    print([(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
           for node in ast.walk(tree) if isinstance(node, ast.Pass)])
