a, b = 1, 2
a, b = b, a
(c, [d, e]), f = (1, [2, 3]), 4
first, *middle, last = range(6)
*init, end = "xyz"
head, *none = [1]
x = y = z = []
x.append(1)
print(a, b, c, d, e, f, first, middle, last, init, end, head, none, z)
[p, q] = {1: 2, 3: 4}
(r,) = (5,)
print(p, q, r)
for (i, (j, *k)) in [(1, (2, 3, 4)), (5, (6,))]:
    print(i, j, k)
d = {}
d["a"], d["b"] = 1, 2
class C: pass
o = C()
o.x, *o.rest = "abc"
lst = [0] * 3
lst[0], lst[1:] = 9, "zz"
print(d, vars(o), lst)
for bad in (
    "a, b = 1", "a, b = [1]", "a, b = 1, 2, 3", "a, *b, c = [1]", "a, b = {}", "(a, b), c = 1, 2", "a, = ()",
    "*a, = 5", "a, b = 'x'", "a, b = range(3)", "a, b, c = iter([1, 2])",
):
    try:
        exec(bad)
    except (TypeError, ValueError) as error:
        print(bad, "->", error)
