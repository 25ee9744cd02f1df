a = 3 ** 500
b = 7 ** 300
print(a * b % (10 ** 9 + 7), a // b % 1000003, (a + b) % 99991, (a - b) % 99991, (b - a) % 99991)
print(divmod(a, b)[0] * b + divmod(a, b)[1] == a, a.bit_length(), len(str(a)), str(a)[:20], str(a)[-20:])
import math
f = math.factorial(200)
print(f % (2 ** 61 - 1), str(f)[:30], f >> 700, math.isqrt(f) ** 2 <= f, math.gcd(a, 3 ** 20 * 7))
print(math.comb(100, 50), math.perm(20, 5), math.lcm(12, 18))
x = int("123456789" * 200)
print(x % 1000000007, int(str(x)) == x, int(hex(x), 16) == x, x & (2 ** 64 - 1), (x ^ (x >> 1)) % 10 ** 9)
print((x | -x) % 10 ** 9, -x >> 100 & 0xffff)
print(float(2 ** 1000), float(3 ** 600) if 3 ** 600 < 2 ** 1023 else "", pow(a, b, 10 ** 9 + 9))
try:
    float(10 ** 400)
except OverflowError as error:
    print(error)
fib = [0, 1]
for _ in range(500):
    fib.append(fib[-1] + fib[-2])
print(fib[-1])
