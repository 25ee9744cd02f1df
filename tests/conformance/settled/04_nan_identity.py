# Every NaN is an object of its own and keeps its bits.
import struct

a, b = float("nan"), float("nan")
print(a is b, a is a, a == a, a != a)
print(a in [a], a in [b], [a] == [a], [a] == [b], (a,) == (a,))
print({a: 1}.get(a), {a: 1}.get(b))
print(len({a, b, a}))
payload = struct.unpack("<d", struct.pack("<Q", 0x7FF8000000001234))[0]
print(hex(struct.unpack("<Q", struct.pack("<d", payload))[0]))
print(repr(-float("nan")), repr(float("inf") - float("inf")))
zero, negative = 0.0, -0.0
print(zero == negative, repr(zero), repr(negative), {zero: "x"}[negative])
print(float("inf") == float("inf"), -float("inf"))
