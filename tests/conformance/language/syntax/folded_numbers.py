# What is computed by the compiler is what the program would compute.
import itertools

values = [
    "0", "1", "-1", "2", "-2", "3", "-7", "1.5", "-1.5", "0.0", "-0.0", "1e308", "1e400", "1j", "-1j", "(1+2j)",
    "True", "False", "'ab'", "b'ab'", "(1, 'a')", "()", "9223372036854775807", "-9223372036854775808",
]  # fmt: skip
different = 0
for left, right in itertools.product(values, repeat=2):
    for op in ["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "|", "&", "^"]:
        if op in ("*", "**", "<<") and len(right + left) > 12:
            continue
        outcomes = []
        for source, names in [(f"({left}) {op} ({right})", {}), (f"x {op} y", {"x": eval(left), "y": eval(right)})]:
            try:
                result = eval(source, names)
                outcomes.append((type(result), repr(result)))
            except Exception as error:
                outcomes.append((type(error), str(error)))
        if outcomes[0] != outcomes[1]:
            different += 1
            print(left, op, right, outcomes)
print(different, "differ")
print(-2 * 1.5, 1.5 * -2, -1 * 0.0, -3 * (1 + 2j), -2 * "ab", "ab" % b"x", "ab" % bytearray(b"x"))
