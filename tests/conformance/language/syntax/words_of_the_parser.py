"""What the parser says about targets, operands, stars and fields of f-strings that are none."""
CASES = r'''
a = 1 = b
import a.b as (a, b)
import a.b as c.d
import a as f()
from a import (b as c.d)
from a import b as c.d
from a import (b as f())
from a import (b as [],)
from a import (b, c as ())
from a import b, c as d[e]
from a import c as d[e], b
from a import c as d[e]
def f(/): pass
def f() -> : pass
f'{4:{/5}}'
f'{lambda x:}'
f'{lambda :}'
f'{+ lambda:None}'
f'{lambda:1}'
f'{3:'
f'{3!s:'
f'{3!s:3'
f'{3:s'
f'{3:{{>10}'
f'{3'
f'{3!'
f'{3:'
f'{'
f'{!'
f'{='
f'{:'
f'{!r}'
f'{=}'
f'{:x}'
f'{}'
f'{ }'
f'{1=}{;'
f'{1=}{+;'
f'{1=}{2}{;'
f'{1=}{1;'
f'{1=}{1;}'
f'{1=}{+;}'
t'{}'
t'{=x}'
t'{!x}'
t'{:x}'
t'{x;y}'
t'{x=y}'
t'{x!s!}'
t'{x!s:'
t'{x!x}'
t'{x'
t'{x:{;}}'
t'{lambda:1}'
t'{x:{;'
f'{a b}'
f'{a $ b}'
f'{a!r b}'
f'{a!}'
f'{a!1}'
f'{a! r}'
f'{ {1:{/5}} }'
f'{(1+)}'
f'{a.}'
f'{a[}'
f'{*}'
f'{**a}'
f'{,}'
f'{a,,}'
f'{yield}'
f'{a:{b!}}'
f'{a:{b c}}'
del a += b
async def f: pass
async def f -> int: pass
async def f[T]: pass
def f[T]: pass
3 + not 3
3 * not 3
+ not 3
- not -1
~ not 3
3 // not (a and b) or 2
3 ** not 3
3 and + not 1
A[*(1:2)]
A[*(1:2)] = 1
A[*:]
A[*]
A[**]
A[*b:*b]
A[*b:]
A[a, *b:c]
f(**x, *)
f(x, *:)
f(x, *)
f(x = 5, *)
f(x = 5, *:)
f(*)
print(*)
def f6(x: *b): pass
def f7(x: *b = 1): pass
def f8(**kwargs: *a): pass
x: *b
x: *b = 1
x = 1 if 1 else yield 2
x = 1 if 1 else pass
class C(__debug__=42): ...
f(__debug__=1)
'''.strip().split('\n') + ["if 1:\n  pass\nelse:\n  pass\nelif 2:\n  pass\n", "if 1:\n  pass\nelif 2:\n  pass\nelif 3:\n  pass\nelse:\n  pass\nelif 4: pass\n", "elif 4: pass\n", "try:\n  pass\nexcept A as obj[1]:\n  pass\n", "try:\n  pass\nexcept A as obj.b:\n  pass\n","try:\n  pass\nexcept* A as (obj, name):\n  pass\n", "try:\n  pass\nexcept A as (obj, name):\n  pass\n", "try:\n  pass\nexcept A as f():\n  pass\n", "try:\n  pass\nexcept* A:\npass\n", "try:\n  pass\nexcept:\npass\n", "match y:\n case e(e=v,v,", "match y:\n case e(e=v,v,):\n  pass", "match y:\n case e(e=v,v):\n  pass", "match x:\n case A(a, __debug__=1, b=2):\n  pass", "from a import (\n  b,\n  c as ()\n)"]


def refused(s):
    try:
        compile(s, '<s>', 'exec')
        print(repr(s), 'ok')
    except SyntaxError as e:
        print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


for case in CASES:
    refused(case)
