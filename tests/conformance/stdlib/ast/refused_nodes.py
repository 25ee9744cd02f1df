# What compile() says about trees that cannot be.
import ast


def refused(node, mode="exec"):
    if isinstance(node, ast.stmt):
        node = ast.Module([node], [])
    elif isinstance(node, ast.expr):
        node = ast.Expression(node)
        mode = "eval"
    if isinstance(node, ast.AST):
        ast.fix_missing_locations(node)
    try:
        compile(node, "made", mode)
        print("compiled")
    except (TypeError, ValueError, SystemError, SyntaxError, OverflowError) as error:
        print(type(error).__name__, error)


name = ast.Name("x", ast.Load())
store = ast.Name("x", ast.Store())
no_arguments = ast.arguments()
refused(ast.Expression(name))
refused(ast.Module([], []), "eval")
refused(ast.Module([name], []))
refused(ast.Module("abc", []))
refused(ast.Module([None], []))
refused(ast.Expr(None))
refused(ast.Expression(3), "eval")
refused(ast.Pass(lineno=5, col_offset=0, end_lineno=4, end_col_offset=0))
refused(ast.Pass(lineno=5, col_offset=3, end_lineno=5, end_col_offset=1))
refused(ast.Pass(lineno="a", col_offset=0))
refused(ast.Pass(lineno=1 << 40, col_offset=0))
refused(ast.Name("x", ast.Store()))
refused(ast.Name("None", ast.Load()))
refused(ast.Name(3, ast.Load()))
refused(ast.Name("x", ast.Add()))
refused(ast.Assign([], name))
refused(ast.Assign([name], name))
refused(ast.Assign([ast.Constant(1)], name))
refused(ast.Delete([]))
refused(ast.If(name, [], []))
refused(ast.While(name, [None], []))
refused(ast.For(name, name, [ast.Pass()], []))
refused(ast.With([], [ast.Pass()]))
refused(ast.Raise(None, name))
refused(ast.Try([ast.Pass()], [], [], []))
refused(ast.Try([ast.Pass()], [], [ast.Pass()], [ast.Pass()]))
refused(ast.TryStar([ast.Pass()], [], [], []))
refused(ast.Import([]))
refused(ast.ImportFrom("a", [ast.alias("b")], -1))
refused(ast.Global([]))
refused(ast.Global([3]))
refused(ast.FunctionDef("f", no_arguments, [], []))
refused(ast.FunctionDef("f", ast.arguments(defaults=[name]), [ast.Pass()], []))
refused(ast.FunctionDef("f", ast.arguments(kwonlyargs=[ast.arg("a")]), [ast.Pass()], []))
refused(ast.AnnAssign(ast.Attribute(name, "y", ast.Store()), name, None, 1))
refused(ast.TypeAlias(ast.Attribute(name, "y", ast.Store()), [], name))
refused(ast.Constant([1]))
refused(ast.Constant((1, {})))
refused(ast.BoolOp(ast.And(), [name]))
refused(ast.Dict([name], []))
refused(ast.Compare(name, [], []))
refused(ast.Compare(name, [ast.Eq()], [name, name]))
refused(ast.Compare(name, [ast.Add()], [name]))
refused(ast.ListComp(name, []))
refused(ast.NamedExpr(ast.Constant(1), name))
refused(ast.UnaryOp("-", name))
refused(ast.FormattedValue(name, 3))


def case(pattern):
    refused(ast.Match(name, [ast.match_case(pattern, None, [ast.Pass()])]))


case(ast.MatchValue(name))
case(ast.MatchValue(ast.Constant(None)))
case(ast.MatchSingleton(1))
case(ast.MatchStar("x"))
case(ast.MatchAs(ast.MatchAs(), None))
case(ast.MatchAs(None, "_"))
case(ast.MatchOr([ast.MatchAs()]))
case(ast.MatchMapping([ast.Constant(1)], []))
case(ast.MatchClass(ast.Constant(1), [], [], []))
case(ast.MatchClass(name, [], ["a"], []))
