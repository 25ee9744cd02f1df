x = 5
x += 2; x -= 1; x *= 3; x //= 2; x %= 7; x **= 3; x <<= 2; x |= 1; x ^= 5; x &= 0xff; x >>= 1
print(x)
x /= 4
print(x)
l = m = [1]
l += [2]
l += "ab"
l *= 2
print(m, l is m)
t = u = (1,)
t += (2,)
print(t, u)
d = {"n": [1]}
d["n"] += [2]
def index():
    print("index once")
    return 0
items = [10]
items[index()] += 5
print(d, items)
class C:
    v = 1
c = C()
c.v += 1
print(c.v, C.v)
tup = ([1],)
try:
    tup[0] += [2]
except TypeError as error:
    print(error, tup)
for bad in (
    "a + 1 = 2", "f() = 1", "1 += 1", "(a, b) += 1", "None = 1", "x + 1 += 1", "a: int = b = 1", "[a] += 1",
    "def f(): yield = 1",
):
    try:
        compile(bad, "<bad>", "exec")
    except SyntaxError as error:
        print(bad, "->", error.msg)
