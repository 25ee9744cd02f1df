"""ast.parse with type comments, types of functions, and versions of the language."""
import ast

TEXTS = [
    'pass  # type: int\n',
    'foo()  # type: int\n',
    'x += 1  #type:int\n',
    'while True:  #  type:   int  \n  continue\n',
    '# type: int\n',
    '\n\n  # type: int\nx=1\n',
    'def f(*, # type: a\n b): pass\n',
    "def foo():  # type: () -> int\n    # type: () -> str\n    return ''\n",
    'x = [ # type: int\n 1]\n',
    'x: int = 3 # type: int\n',
    'x = 1; # type: int\n',
    'x = 1 # type: int',
    'x = y = 2 \\\n # type: int\n',
    '(lambda x, # type: int\n: x)',
    'é = 1; é # type: int é\n',
    "x = 'é' # type: int é\n",
    'def f(a, /, # type: b\n): pass',
    'def f(a=(1), # type: b\n): pass',
    'def f(a=(1) # type: b\n): pass',
    'def f(a, # type: b\n # type: c\n): pass',
    'async def f():\n  # x\n\n  # type: () -> int\n  # y\n\n  pass\n',
    'def f():  # type: ignore\n   # type: () -> int\n   pass # type: ignore[x]\n',
    'class A: # type: int\n  pass\n',
    'x = 1 # type: ignore\n# type: ignore foo\n  # type: ignore2\n',
    'x = 1 # type: ignore\n# type: ignore foo\n  # type: ignore.2\n',
    'for x in (1): # type: int\n pass\nelse: # type: ignore\n pass\n',
    'async def f():\n async for x in (1): # type: int\n  pass\n async with (a) as b, (c): # type: str\n  pass\n',
    'for x in (1): pass # type: int\n',
    'x = 1 # type: int\ny = = 2\n',
    'if x:\n  pass\n# type: int\nelse: pass\n',
    'def f(): pass # type: int\n',
    'def f(*a: int, # type: x\n b: int = 2, # type: y\n **c: int # type: z\n): pass',
    'x = 1 # type:\tint\t\n',
    'x = yield # type: int\n',
    'def f(a = 1, # type: x\n *, b # type: y\n): pass',
    'f(a, # type: x\n)',
    'x = 1 # type: a # type: b\n',
    'with (a as b, # type: int\n c): pass',
    'def f(\n # type: a\n b): pass',
]
TYPES = [
    '() -> int',
    '(int) -> List[str]',
    '(int, *str, **Any) -> float',
    '(*int) -> None',
    '(**int) -> None',
    '(*int, **str) -> None',
    '(int, *str, *Any) -> float',
    '(int, **str, Any) -> float',
    '(**int, **str) -> float',
    '(a,) -> b',
    '(a, b,) -> c',
    '() -> ',
    'x -> y',
    '(a) -> b, c',
    '()-> a\n\n',
    ' (a) -> b',
    '(a, *b, c) -> d',
    '(*) -> d',
    '(a=1) -> d',
    '(a for a in b) -> d',
    '(a) -> (\nb)',
    '(a,\n b) -> c # foo',
    '(é, b) -> c',
    '(a) -> lambda: x',
    '(lambda: x) -> d',
    '(a := 1) -> d',
    '(a -> b) -> c',
    '()',
    '(a',
    '(a))',
    '',
    ')',
    '\n(a) -> b',
    '(a) -> b -> c',
    "('->', b) -> c",
    '(yield) -> a',
    '(*a, b=1)->c',
    '(a) -> yield',
    '(*a or b, **c if d else e) -> f',
    '(a) -> *b',
]
VERSIONS = [
    'a = b @ c',
    'a @= b',
    '@a\ndef f(): pass',
    'a = 1_0',
    'x: int',
    'x: int = 3',
    'x.y: int = 3',
    'x[0]: int',
    'async def f(): pass',
    'async def f(xs):\n [x async for x in xs]',
    'async def f(xs):\n  await x',
    'async def f(xs):\n async for x in y: pass',
    'async def f(xs):\n async with x: pass',
    "f'{a}'",
    '(a:=1)',
    'def f(a,/): pass',
    'match x:\n case 1: pass',
    'try: pass\nexcept* A: pass',
    'type X = int',
    'def f[T](): pass',
    'class A[T=int]: pass',
    'try: pass\nexcept A, B: pass',
    "t'{x}'",
    'with (a as b): pass',
    'with (a, b): pass',
    'with (a as b, c as d): pass',
    'def f(): yield 1; return *a, b',
    'x[*a]',
    'def f(*args: *Ts): pass',
    "f'{x=}'",
    '@a.b[1]\ndef f(): pass',
    '0x_1',
    '1_0.0',
    '1e1_0',
    'for x in *a, b: pass',
    'try:\n pass\nfinally:\n continue',
    'def f(x, /, y): pass\nx: int',
    'lambda a, /: 1',
    'print(a, *b, c, *d)',
    "f'{a!r:{b}}'",
    'f\'{f"{x}"}\'',
    "f'{'x'}'",
    'try: pass\nexcept* (A, B): pass',
    'match = 1',
    'a.b @ c\n\n@d\ndef f(): pass',
]


def place(error):
    return type(error).__name__, error.msg, error.lineno, error.offset, error.end_lineno, error.end_offset, error.text


for text in TEXTS:
    try:
        tree = ast.parse(text, type_comments=True)
        print(repr(text), ast.dump(tree))
        assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(text, type_comments=False))
    except SyntaxError as error:
        print(repr(text), *place(error))
for text in TYPES:
    try:
        print(repr(text), ast.dump(ast.parse(text, mode="func_type"), include_attributes=True))
    except SyntaxError as error:
        print(repr(text), *place(error))
for text in VERSIONS:
    refused = {}
    for minor in range(3, 15):
        try:
            ast.parse(text, feature_version=(3, minor))
        except SyntaxError as error:
            refused.setdefault(error.msg.replace("annotations", "annotation"), []).append(minor)
    print(repr(text), refused)
for mode in ("eval", "exec"):
    try:
        print(ast.dump(ast.parse("f()  # type: int", mode=mode, type_comments=True)))
    except SyntaxError as error:
        print(mode, *place(error))
