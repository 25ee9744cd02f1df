import ast
tree = ast.parse("x = 1 + 2\nif x > 2:\n    print(f'{x!r:>5}')\n")
print(ast.dump(tree))
print(ast.unparse(tree))
print(ast.literal_eval("{'a': [1, 2.5, None, True], 'b': (1, -2), 'c': {1, 2}}"))
try:
    ast.literal_eval("f()")
except ValueError as error:
    print(str(error).split(" at 0x")[0].split(":")[0])
class Doubler(ast.NodeTransformer):
    def visit_Constant(self, node):
        return ast.copy_location(ast.Constant(node.value * 2), node) if isinstance(node.value, int) else node
new = ast.fix_missing_locations(Doubler().visit(ast.parse("21 + 4", mode="eval")))
print(eval(compile(new, "<ast>", "eval")))
node = tree.body[0].value
print(node.lineno, node.col_offset, node.end_col_offset, type(node.op).__name__)
print([type(n).__name__ for n in ast.walk(ast.parse("a.b[c]", mode="eval"))])
code = compile("1 + 1", "<s>", "eval")
print(eval(code), code.co_filename, code.co_name)
exec(compile("5 + 5\n", "<s>", "single"))
