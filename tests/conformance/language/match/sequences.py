def f(x):
    match x:
        case []:
            return "empty"
        case [one]:
            return f"one {one}"
        case [1, *rest]:
            return f"starts with 1, then {rest}"
        case (a, b):
            return f"pair {a} {b}"
        case [first, *_, last] if first == last:
            return f"same ends {first}"
        case [*_, "end"]:
            return "end"
        case [[x, y], *more]:
            return f"nested {x} {y} {more}"
        case _:
            return "no match"
for x in (
    [], [5], [1, 2, 3], (2, 3), [7, 8, 7], (0, 0, "end"), [[1, 2], 3, 4], "ab", b"ab", {1, 2}, range(2),
    iter([1]), 5,
):
    print(f(x))
