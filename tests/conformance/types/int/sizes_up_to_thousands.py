# Arithmetic and conversions at sizes up to 20,000 bits: a digest of all results of each size.
import hashlib
import math
import random
import sys

sys.set_int_max_str_digits(0)
generator = random.Random(20)


def number(bits):
    kind = generator.randrange(6)
    if kind == 0:
        value = generator.getrandbits(bits) | 1 << bits - 1
    elif kind == 1:
        value = (1 << bits) - 1
    elif kind == 2:
        value = 1 << bits
    elif kind == 3:
        value = ((1 << bits // 2) - 1) << (bits - bits // 2)
    elif kind == 4:
        value = generator.getrandbits(bits) & ~(((1 << min(64, bits)) - 1) << bits // 3)
    else:
        value = 10 ** max(1, bits * 30103 // 100000) + generator.randrange(-2, 3)
    return -value if generator.random() < 0.3 else value


def outcome(function, *arguments):
    try:
        return function(*arguments)
    except (ArithmeticError, ValueError) as error:
        return type(error).__name__, str(error)


def results(bits):
    a, b = number(bits), number(max(1, int(bits * generator.choice([0.01, 0.1, 0.33, 0.5, 0.9, 1, 1, 1.2]))))
    count = generator.randrange(200)
    yield from [a + b, a - b, a * b, a * a, a & b, a | b, a ^ b, ~a, -a, abs(a), a << count, a >> count, a >> bits // 2]
    yield from [a < b, a == b, hash(a), a.bit_length(), a.bit_count(), math.isqrt(abs(a)), math.gcd(a, b), math.lcm(a, b)]
    for function in divmod, lambda x, y: x // y, lambda x, y: x % y, lambda x, y: x / y:
        yield outcome(function, a, b)
    yield outcome(float, a)
    yield a ** generator.randrange(5)
    if bits < 2500:
        yield outcome(pow, a, abs(b), number(bits))
        yield outcome(pow, a, -1, b)
        yield outcome(pow, a, generator.randrange(1000), -abs(b))
    for order in "little", "big":
        for length in bits // 8 + 2, bits // 8:
            data = outcome(lambda: a.to_bytes(length, order, signed=True))
            yield data
            if isinstance(data, bytes):
                assert int.from_bytes(data, order, signed=True) == a
                yield int.from_bytes(data, order)
    for text, base in (str(a), 10), (hex(a), 16), (oct(a), 8), (bin(a), 2), (f"{a:x}", 16), (f"{a:_d}", 10), (f"{a:#_X}", 16):
        assert int(text, base) == a
        yield text
    base = generator.choice([3, 5, 7, 11, 13, 23, 29, 32, 36])
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"[:base]
    text = "".join(generator.choice(digits) for _ in range(bits // 4 + 1))
    yield int(text, base)


bits = 1
while bits < 20000:
    digest = hashlib.sha256()
    for _ in range(20 if bits < 3000 else 3):
        for result in results(bits):
            digest.update((hex(result) if isinstance(result, int) else repr(result)).encode())
    print(bits, digest.hexdigest()[:16])
    bits = int(bits * 1.5) + 1
