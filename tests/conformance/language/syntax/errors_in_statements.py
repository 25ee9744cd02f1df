sources = [
    "print 'x'",
    'import',
    'from x import',
    'from x import (a, b',
    'from __future__ import braces',
    'from __future__ import nothing_like_it',
    'assert(x, 1) = 2',
    'raise x from',
    'print(a b)',
]
for source in sources:
    try:
        compile(source, "<test>", "exec")
        print("compiled", repr(source))
    except SyntaxError as error:
        print(f"{source!r}: {type(error).__name__}: {error.msg} ({error.lineno}, {error.offset})")
