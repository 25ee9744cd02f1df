def f(x):
    match x:
        case 0:
            return "zero"
        case 1 | 2 | 3:
            return "small"
        case -5:
            return "minus five"
        case "text":
            return "text"
        case None:
            return "none"
        case True:
            return "true"
        case 1.5:
            return "float"
        case 2 + 3j:
            return "complex"
        case b"bytes":
            return "bytes"
        case str() as s if len(s) > 5:
            return f"long {s}"
        case other:
            return f"other {other!r}"
for x in (0, 2, -5, "text", None, True, False, 1.0, 1.5, 2 + 3j, b"bytes", "long string", "short", [1]):
    print(f(x))
class Color:
    RED = "r"
def dotted(x):
    match x:
        case Color.RED:
            return "red"
        case _:
            return "unknown"
print(dotted("r"), dotted("b"))
match 5:
    case 6:
        print("no")
match = {"match": 1}
case = 2
print(match["match"], case)
