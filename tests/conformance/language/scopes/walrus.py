if (n := len("hello")) > 3:
    print(n)
data = [1, 2, 3]
while (x := data.pop() if data else None):
    print(x, end=" ")
print()
print([y := 1, y + 1], (z := 5) + z, [last := v for v in range(3)], last)
print(any((witness := v) > 2 for v in [1, 2, 3, 4]), witness)
def f():
    total = 0
    partial = [total := total + v for v in range(5)]
    return partial, total
print(f())
print(f"{(w := 7)} {w:=3}")
for bad in (
    "(a.b := 1)", "x := 1", "[i := 0 for i in range(3)]", "(a, b := 1)\n(x[0] := 1)",
    "class C:\n [x := 1 for _ in ()]", "[x for x in (y := [1])]",
):
    try:
        compile(bad, "<bad>", "exec")
        print("compiled", bad)
    except SyntaxError as error:
        print(error.msg)
