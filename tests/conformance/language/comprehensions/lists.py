print([x for x in range(5)], [x * y for x in (1, 2) for y in (10, 20)])
print([x for x in range(20) if x % 2 if x % 3])
print([[j for j in range(i)] for i in range(4)], [(a, b) for a, b in zip("ab", [1, 2])])
print([a for (a, *_) in ["xyz"]])
x = "outer"
print([x for x in "ab"], x)
print([y := 5, y ** 2], y, [z for z in [1, 2, 3] if (last := z) > 1], last)
fs = [lambda: i for i in range(3)]
print([f() for f in fs])
def f():
    a = 1
    return [a + b for b in range(3)], [locals().get("a") for _ in (1,)]
print(f())
class C:
    n = 3
    squares = [i * i for i in range(n)]
print(C.squares)
try:
    [undefined for _ in range(1)]
except NameError as error:
    print(error)
try:
    [q for q in range(3)]
    print(q)
except NameError as error:
    print(error)
matrix = [[1, 2, 3], [4, 5, 6]]
print([[row[i] for row in matrix] for i in range(3)], [n for row in matrix for n in row])
def outside():
    try:
        compile("[x async for x in []]", "<s>", "exec")
    except SyntaxError as error:
        print(error.msg)
outside()
