name, n, pi = "world", 42, 3.14159
print(f"hello {name}", f"{n + 1}", f"{name!r}", f"{name!s:>8}|", f"{'é'!a}", f"{{}}", f"{n}{name}", f"")
print(f"{pi:.2f} {n:05d} {n:x} {n:#b} {name:^9} {n:,} {1234567.891:,.2f} {0.25:%} {n:+}")
width, precision = 10, 3
print(f"{pi:{width}.{precision}}|{name:{'*'}^{width}}|{n:{'0'}{5}}")
print(f"{n=} {n = } {name=!s} {pi=:.1f} {n + 1=}")
print(f"{'nested ' + f'{n} {f"deeper {name}"}'}", f'{ {"k": 1}["k"] }', f"{(lambda x: x * 2)(4)}")
print(f"a{'b'}" "c" f"{'d'}" 'e', f'''multi
{n}
line''', rf"\n{n}\t", f"\x41\u00e9\N{BULLET}")
print(f"{[i for i in range(3)]} {n if n else 0} {(x := 5)} {x}")
print(f"{
    n  # a comment inside
}", f"{n:{width}}" f"{n!r:^{width}}")
