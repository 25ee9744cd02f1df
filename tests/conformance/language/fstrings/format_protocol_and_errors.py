class F:
    def __format__(self, spec):
        return f"<{spec}>"
f = F()
print(f"{f}", f"{f:abc}", f"{f:{'x'}y}", f"{f!s:.3}"[:4], format(f), format(f, "q"), "{:z}".format(f))
class Bad:
    def __format__(self, spec):
        return 5
for action in (
    lambda: f"{Bad()}", lambda: f"{5:zz}", lambda: f"{'s':d}", lambda: f"{5:.2d}", lambda: f"{object():x}",
    lambda: f"{[]:5}", lambda: f"{1.5:d}", lambda: f"{'s':,}", lambda: f"{None:>5}", lambda: f"{5:{[]}}",
    lambda: f"{'s':=5}", lambda: f"{3:s}",
):
    try:
        print(action())
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
for bad in (
    "f'{}'", "f'{'", "f'}'", "f'{a b}'", "f'{a!x}'", "f'{a!}'", "f'{*a}'", "f'{lambda x: 1}'",
    "f'{a:{b:{c:{d}}}}'", "f'{a'", "f'{=}'", "f'{!r}'",
):
    try:
        compile(bad, "<f>", "eval")
        print("compiled", bad)
    except SyntaxError as error:
        print(error.msg)
