"""Integers of 1 to 1,000,000 digits: every operator and conversion."""

import math
import random
import sys

from _timed import timed

sys.set_int_max_str_digits(0)

OPERATIONS = [
    ("add", "a + b"),
    ("sub", "a - b"),
    ("mul", "a * b"),
    ("mul_small", "a * 7"),
    ("square", "a * a"),
    ("floordiv", "p // b"),
    ("mod", "p % b"),
    ("divmod", "divmod(p, b)"),
    ("floordiv_small", "a // 7"),
    ("mod_small", "a % 7"),
    ("neg", "-a"),
    ("abs", "abs(n)"),
    ("invert", "~a"),
    ("and", "a & b"),
    ("or", "a | b"),
    ("xor", "a ^ b"),
    ("lshift", "a << 13"),
    ("rshift", "a >> 13"),
    ("less", "a < c"),
    ("equal", "a == c"),
    ("hash", "hash(a)"),
    ("str", "str(a)"),
    ("int", "int(text)"),
    ("hex", "hex(a)"),
    ("format_x", "f'{a:x}'"),
    ("int_16", "int(hexadecimal, 16)"),
    ("bit_length", "a.bit_length()"),
    ("bit_count", "a.bit_count()"),
    ("to_bytes", "a.to_bytes(size, 'little')"),
    ("from_bytes", "int.from_bytes(data, 'big')"),
]
# What grows faster than the numbers get long has an end of its own.
SHORTER = [
    ("format_comma", "f'{a:,}'", 10_000),
    ("isqrt", "isqrt(a)", 10_000),
    ("gcd", "gcd(a, b)", 10_000),
    ("pow_mod", "pow(a, b, c)", 1_000),
    ("pow_3", "a ** 3", 100_000),
    ("float", "float(a)", 100),
    ("truediv", "a / b", 10_000),
]

rng = random.Random(2)
for digits in (1, 10, 20, 100, 1_000, 10_000, 100_000, 1_000_000):
    a, b = (rng.randrange(10 ** (digits - 1), 10**digits) for _ in range(2))
    text = str(a)
    names = {
        "a": a, "b": b, "c": int(text) + 1, "n": -a, "p": a * b + 1, "text": text, "hexadecimal": hex(a),
        "size": (a.bit_length() + 7) // 8, "data": a.to_bytes((a.bit_length() + 7) // 8, "big"),
        "isqrt": math.isqrt, "gcd": math.gcd,
    }
    for name, statement in OPERATIONS:
        timed(f"{name}_{digits}", statement, names)
    for name, statement, most in SHORTER:
        if digits <= most:
            timed(f"{name}_{digits}", statement, names)
