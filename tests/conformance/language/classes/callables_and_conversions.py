class N:
    def __index__(self): return 3
    def __int__(self): return 30
    def __float__(self): return 3.5
    def __complex__(self): return 1j
    def __str__(self): return "str"
    def __repr__(self): return "repr"
    def __bytes__(self): return b"bytes"
    def __format__(self, spec): return f"format({spec})"
    def __hash__(self): return 7
    def __trunc__(self): return 4
    def __floor__(self): return 5
    def __ceil__(self): return 6
    def __call__(self, *a, **k): return a, k
n = N()
print(int(n), float(n), complex(n), str(n), repr(n), bytes(n), f"{n}", f"{n:>5}", f"{n!r:5}", hash(n))
print([10, 20, 30, 40][n], range(n), hex(n), "x" * n, n(1, k=2), [1, 2, 3, 4][:n], callable(n))
import math
print(math.trunc(n), math.floor(n), math.ceil(n))
class Bad:
    def __str__(self): return 1
    def __repr__(self): return 2
    def __index__(self): return "x"
    def __bool__(self): return 5
    def __hash__(self): return "h"
    def __int__(self): return 1.5
    def __float__(self): return 1
    def __iter__(self): return 5
for f in (str, repr, lambda b: [1][b], bool, hash, int, float, iter):
    try:
        f(Bad())
    except TypeError as error:
        print(error)
