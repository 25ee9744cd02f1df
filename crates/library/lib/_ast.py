"""Classes of syntax tree nodes: what `ast` offers under its own name.

They are made from the table below, which lists the node kinds with the types and names of their fields, in the notation
of the documentation of `ast`: `?` may be None, `*` is a list.
"""

PyCF_ONLY_AST = 0x400
PyCF_TYPE_COMMENTS = 0x1000
PyCF_ALLOW_TOP_LEVEL_AWAIT = 0x2000
PyCF_OPTIMIZED_AST = 0x8000 | PyCF_ONLY_AST

_NODES = """
alias(identifier name, identifier? asname)
arg(identifier arg, expr? annotation, string? type_comment)
arguments(arg* posonlyargs, arg* args, arg? vararg, arg* kwonlyargs, expr?* kw_defaults, arg? kwarg, expr* defaults)
comprehension(expr target, expr iter, expr* ifs, int is_async)
keyword(identifier? arg, expr value)
match_case(pattern pattern, expr? guard, stmt* body)
withitem(expr context_expr, expr? optional_vars)
mod =
    Module(stmt* body, type_ignore* type_ignores)
    Interactive(stmt* body)
    Expression(expr body)
    FunctionType(expr* argtypes, expr returns)
stmt =
    FunctionDef(identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params)
    AsyncFunctionDef(identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params)
    ClassDef(identifier name, expr* bases, keyword* keywords, stmt* body, expr* decorator_list, type_param* type_params)
    Return(expr? value)
    Delete(expr* targets)
    Assign(expr* targets, expr value, string? type_comment)
    TypeAlias(expr name, type_param* type_params, expr value)
    AugAssign(expr target, operator op, expr value)
    AnnAssign(expr target, expr annotation, expr? value, int simple)
    For(expr target, expr iter, stmt* body, stmt* orelse, string? type_comment)
    AsyncFor(expr target, expr iter, stmt* body, stmt* orelse, string? type_comment)
    While(expr test, stmt* body, stmt* orelse)
    If(expr test, stmt* body, stmt* orelse)
    With(withitem* items, stmt* body, string? type_comment)
    AsyncWith(withitem* items, stmt* body, string? type_comment)
    Match(expr subject, match_case* cases)
    Raise(expr? exc, expr? cause)
    Try(stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody)
    TryStar(stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody)
    Assert(expr test, expr? msg)
    Import(alias* names)
    ImportFrom(identifier? module, alias* names, int? level)
    Global(identifier* names)
    Nonlocal(identifier* names)
    Expr(expr value)
    Pass
    Break
    Continue
expr =
    BoolOp(boolop op, expr* values)
    NamedExpr(expr target, expr value)
    BinOp(expr left, operator op, expr right)
    UnaryOp(unaryop op, expr operand)
    Lambda(arguments args, expr body)
    IfExp(expr test, expr body, expr orelse)
    Dict(expr?* keys, expr* values)
    Set(expr* elts)
    ListComp(expr elt, comprehension* generators)
    SetComp(expr elt, comprehension* generators)
    DictComp(expr key, expr value, comprehension* generators)
    GeneratorExp(expr elt, comprehension* generators)
    Await(expr value)
    Yield(expr? value)
    YieldFrom(expr value)
    Compare(expr left, cmpop* ops, expr* comparators)
    Call(expr func, expr* args, keyword* keywords)
    FormattedValue(expr value, int conversion, expr? format_spec)
    Interpolation(expr value, constant str, int conversion, expr? format_spec)
    JoinedStr(expr* values)
    TemplateStr(expr* values)
    Constant(constant value, string? kind)
    Attribute(expr value, identifier attr, expr_context ctx)
    Subscript(expr value, expr slice, expr_context ctx)
    Starred(expr value, expr_context ctx)
    Name(identifier id, expr_context ctx)
    List(expr* elts, expr_context ctx)
    Tuple(expr* elts, expr_context ctx)
    Slice(expr? lower, expr? upper, expr? step)
expr_context =
    Load
    Store
    Del
boolop =
    And
    Or
operator =
    Add
    Sub
    Mult
    MatMult
    Div
    Mod
    Pow
    LShift
    RShift
    BitOr
    BitXor
    BitAnd
    FloorDiv
unaryop =
    Invert
    Not
    UAdd
    USub
cmpop =
    Eq
    NotEq
    Lt
    LtE
    Gt
    GtE
    Is
    IsNot
    In
    NotIn
excepthandler =
    ExceptHandler(expr? type, identifier? name, stmt* body)
pattern =
    MatchValue(expr value)
    MatchSingleton(constant value)
    MatchSequence(pattern* patterns)
    MatchMapping(expr* keys, pattern* patterns, identifier? rest)
    MatchClass(expr cls, pattern* patterns, identifier* kwd_attrs, pattern* kwd_patterns)
    MatchStar(identifier? name)
    MatchAs(pattern? pattern, identifier? name)
    MatchOr(pattern* patterns)
type_ignore =
    TypeIgnore(int lineno, string tag)
type_param =
    TypeVar(identifier name, expr? bound, expr? default_value)
    ParamSpec(identifier name, expr? default_value)
    TypeVarTuple(identifier name, expr? default_value)
"""

# Nodes that stand in the source have a place there; the end may be unknown.
_PLACE = ("lineno", "col_offset", "end_lineno", "end_col_offset")
_PLACED = {"stmt", "expr", "excepthandler", "alias", "arg", "keyword"}
_FULLY_PLACED = {"pattern", "type_param"}

_REPR_DEPTH = 3

_GenericAlias = type(list[int])
_Union = type(int | str)


def _display_name(cls):
    return "ast.AST" if cls is AST else cls.__name__


def _warn(message, stacklevel=3):
    import warnings

    warnings.warn(message, DeprecationWarning, stacklevel=stacklevel)


class AST:
    _fields = ()
    _attributes = ()
    __match_args__ = ()

    def __init__(self, /, *args, **kwargs):
        cls = type(self)
        fields = cls._fields
        if len(args) > len(fields):
            plural = "" if len(fields) == 1 else "s"
            raise TypeError(
                f"{cls.__name__} constructor takes at most {len(fields)} positional argument{plural}"
            )
        for name, value in zip(fields, args):
            setattr(self, name, value)
        missing = dict.fromkeys(fields[len(args):])
        for name, value in kwargs.items():
            if name in fields:
                if name not in missing:
                    raise TypeError(f"{cls.__name__} got multiple values for argument {name!r}")
                del missing[name]
            elif name not in cls._attributes:
                _warn(
                    f"{_display_name(cls)}.__init__ got an unexpected keyword argument {name!r}. Support for "
                    "arbitrary keyword arguments is deprecated and will be removed in Python 3.15."
                )
            setattr(self, name, value)
        if missing:
            _fill(self, cls, missing)

    def __reduce__(self):
        cls = type(self)
        state = dict(self.__dict__)
        # Arguments of the constructor are None here: the state has the values.
        given = []
        for name in cls._fields:
            if name not in state:
                break
            given.append(None)
        return (cls, tuple(given), state)

    def __replace__(self, /, **changes):
        cls = type(self)
        known = (*cls._fields, *cls._attributes)
        for name in changes:
            if name not in known:
                raise TypeError(f"{cls.__name__}.__replace__ got an unexpected keyword argument {name!r}.")
        values = {name: self.__dict__[name] for name in known if name in self.__dict__}
        values.update(changes)
        types = cls.__dict__.get("_field_types") or {}
        absent = [
            name for name in cls._fields if name not in values and name in types and not hasattr(cls, name)
        ]
        if absent:
            plural = "" if len(absent) == 1 else "s"
            names = ", ".join(map(repr, absent))
            raise TypeError(
                f"{cls.__name__}.__replace__ missing {len(absent)} keyword argument{plural}: {names}."
            )
        return cls(**values)

    def __repr__(self):
        return _repr_node(self, _REPR_DEPTH)


AST.__module__ = "ast"


def _fill(node, cls, missing):
    """Gives fields that no argument set the default that their type has."""
    types = getattr(cls, "_field_types", None)
    if types is None:
        return
    for name in missing:
        if name not in types:
            _warn(
                f"Field {name!r} is missing from {_full_name(cls)}._field_types. This will become an error in "
                "Python 3.15.",
                stacklevel=4,
            )
            continue
        kind = types[name]
        if isinstance(kind, _Union):
            continue
        if isinstance(kind, _GenericAlias):
            setattr(node, name, [])
        elif kind is expr_context:
            setattr(node, name, _LOAD)
        else:
            _warn(
                f"{cls.__name__}.__init__ missing 1 required positional argument: {name!r}. This will become an "
                "error in Python 3.15.",
                stacklevel=4,
            )


def _full_name(cls):
    """The name of a class as the interpreter knows it: with the module for those of `ast`."""
    return cls.__name__


def _repr_node(node, depth):
    name = _display_name(type(node))
    if depth <= 0:
        return f"{name}(...)"
    fields = (f"{field}={_repr_value(getattr(node, field), depth - 1)}" for field in type(node)._fields)
    return f"{name}({', '.join(fields)})"


def _repr_value(value, depth):
    if isinstance(value, (list, tuple)):
        shown = value if len(value) <= 2 else [value[0], value[-1]]
        items = [_repr_node(item, depth) if isinstance(item, AST) else repr(item) for item in shown]
        if len(value) > 2:
            items.insert(1, "...")
        opening, closing = ("[", "]") if isinstance(value, list) else ("(", ")")
        return f"{opening}{', '.join(items)}{closing}"
    return _repr_node(value, depth) if isinstance(value, AST) else repr(value)


_BUILTIN_TYPES = {"identifier": str, "string": str, "constant": object, "int": int}


def _make(name, base, doc, fields):
    """Makes a node class and puts it among the names of the module."""
    kinds = dict((field, kind) for kind, field in fields)
    namespace = {"__module__": "ast", "__doc__": doc, "_fields": tuple(kinds), "__match_args__": tuple(kinds)}
    namespace["_kinds"] = kinds
    if name in _PLACED:
        namespace["_attributes"] = _PLACE
        namespace["end_lineno"] = namespace["end_col_offset"] = None
    elif name in _FULLY_PLACED:
        namespace["_attributes"] = _PLACE
    elif base is AST:
        namespace["_attributes"] = ()
    for field, kind in kinds.items():
        if kind.endswith("?"):
            namespace[field] = None
    cls = type(name, (base,), namespace)
    globals()[name] = cls
    return cls


def _parse(text):
    """`Name(type field, ..)` as the name and pairs of type and field."""
    name, bracket, rest = text.partition("(")
    fields = [tuple(item.split()) for item in rest.rstrip(")").split(", ")] if bracket else []
    return name, fields


def _typed(cls):
    """Fills in `_field_types`, now that all classes exist."""
    types = {}
    for field, kind in cls._kinds.items():
        plain = kind.rstrip("?*")
        kind_type = _BUILTIN_TYPES.get(plain) or globals()[plain]
        if kind.endswith("*"):
            kind_type = list[kind_type]
        elif kind.endswith("?"):
            kind_type = kind_type | None
        types[field] = kind_type
    cls._field_types = cls.__annotations__ = types


def _sum_doc(name, members):
    """The alternatives of an abstract kind: in one line if none of them has fields."""
    if not any("(" in member for member in members):
        return f"{name} = {' | '.join(members)}"
    return f"{name} = " + f"\n{' ' * (len(name) + 1)}| ".join(members)


def _make_all():
    concrete, kind, members = [], None, []
    lines = _NODES.strip().splitlines()
    for at, line in enumerate(lines):
        if line.startswith("    "):
            name, fields = _parse(line.strip())
            concrete.append(_make(name, globals()[kind], line.strip(), fields))
        elif line.endswith(" ="):
            kind = line[:-2]
            rest = lines[at + 1:]
            end = next((n for n, other in enumerate(rest) if not other.startswith("    ")), len(rest))
            _make(kind, AST, _sum_doc(kind, [member.strip() for member in rest[:end]]), [])
        else:
            name, fields = _parse(line)
            concrete.append(_make(name, AST, line, fields))
    for cls in concrete:
        _typed(cls)


def _make_instances():
    """The one instance of each node that has neither fields nor a place."""
    kinds = (expr_context, boolop, operator, unaryop, cmpop)
    return {cls.__name__: cls() for kind in kinds for cls in kind.__subclasses__()}


_make_all()
_instances = _make_instances()
_LOAD = _instances["Load"]
