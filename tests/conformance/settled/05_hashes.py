# env: PYTHONHASHSEED=0
# Hashes are CPython's, bit for bit.
for value in ["", "a", "abc", "hello world", "é", "日本", "\U0001f600", b"", b"abc", b"\x00\xff"]:
    print(repr(value), hash(value))
for value in [0, 1, -1, -2, 2**61 - 1, 2**61, -(2**61), 2**64 + 7, 10**30, True, None is None]:
    print(value, hash(value))
for value in [0.0, 0.5, 1.5, -2.25, 1e300, float("inf"), float("-inf"), 3.0]:
    print(value, hash(value))
print(hash(1 + 2j), hash(complex(0, 1)), hash(0.5j))
for value in [(), (0,), (1, 2, 3), ((1,), (2,)), ("a", 1), (-1, -1), tuple(range(50))]:
    print(hash(value))
print(hash(frozenset()), hash(frozenset([1, 2, 3])), hash(frozenset(["a", "b"])))
print(hash(range(0)), hash(range(10)), hash(range(0, 10, 3)), hash(range(5, 6, 9)))
print(hash(slice(1, 2, 3)))
