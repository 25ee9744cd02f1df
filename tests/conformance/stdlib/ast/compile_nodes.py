# Trees that were made or changed by hand are compiled, with the places that they have.
import ast


class Double(ast.NodeTransformer):
    def visit_Constant(self, node):
        if isinstance(node.value, int):
            return ast.copy_location(ast.Constant(node.value * 2), node)
        return node


tree = Double().visit(ast.parse("print([x + 1 for x in range(3)], 'a', 10 ** 30)"))
exec(compile(ast.fix_missing_locations(tree), "made", "exec"))


def value_of(node):
    return eval(compile(ast.fix_missing_locations(ast.Expression(node)), "made", "eval"))


for value in (-1, 10**40, (1, (2, "x")), frozenset([1]), 1 + 2j, -0.0, b"x", "\ud800", None, ...):
    print(repr(value_of(ast.Constant(value))))
print(value_of(ast.JoinedStr([ast.Constant("a\ud800{"), ast.FormattedValue(ast.Constant(3), -1, ast.JoinedStr([ast.Constant(">4")]))])).encode("utf-8", "replace"))
print(value_of(ast.FormattedValue(ast.Constant("x"), ord("r"))))
interpolation = ast.Interpolation(ast.Constant(1), "one", -1)
print(value_of(ast.TemplateStr([ast.Constant("a"), interpolation])))
name = ast.Attribute(ast.Constant("abc"), "upper", ast.Load())
print(value_of(ast.Call(name, [], [])))

source = """
same = lambda f: f
@same
@staticmethod
def f(a, /, b=1, *c, d=2, **e):
    '''doc'''
    return a, b, c, d, e
print(f.__func__(1, x=2), f.__doc__)
class C[T](list, metaclass=type):
    x: int = 1
    def g(self):
        return super().__len__(), __class__.__name__
print(C([1]).g(), C.__annotations__, C.__type_params__)
try:
    [0][1]
except (IndexError, KeyError) as error:
    print('caught', error)
else:
    print('no')
finally:
    print('finally')
match {'a': [1, 2, 3], 'b': 0}:
    case {'a': [first, *rest], **more}: print(first, rest, more)
def gen():
    got = yield 1
    yield from (got, 2)
g = gen(); print(next(g), g.send('s'), next(g))
for i in range(2):
    if i: break
else:
    print('unreached')
with open('/dev/null') as file: print(file.name)
print(f'{i!r:>4}{i=}', (lambda x, *y: (x, y))(1, 2), {**{1: 2}, 3: 4})
"""
exec(compile(ast.parse(source), "made", "exec"))

tree = ast.parse("x = 1\n1 / 0")
tree.body[1].lineno = tree.body[1].value.lineno = 70
tree.body[1].end_lineno = tree.body[1].value.end_lineno = 70
try:
    exec(compile(tree, "made", "exec"))
except ZeroDivisionError as error:
    print(error.__traceback__.tb_next.tb_lineno)
tree = ast.parse("def f(): global x; x = 1\n'two'\n")
print(compile(tree, "made", "exec", ast.PyCF_ONLY_AST) is tree)
for bad in ("return", "break", "x = 1\nglobal x", "def f(a, a): pass", "f() = 1", "yield"):
    try:
        compile(ast.parse(bad), "made", "exec")
    except SyntaxError as error:
        print(error.msg, error.lineno, error.offset)
print(ast.literal_eval("{'a': [1, -2.5, (3j,), b'x', None, {4}]}"))
print(value_of(ast.Constant("a", kind="u")), ast.dump(compile(ast.parse("u'a'"), "made", "exec", ast.PyCF_ONLY_AST)))
for level in (0, 1, 2):
    tree = ast.parse("'doc'\ndef f():\n    'doc'\n__debug__\nmatch 1:\n    case -1 | 1 + 2j: pass\n", optimize=level)
    print(ast.dump(tree))
