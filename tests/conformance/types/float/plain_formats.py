# A width and digits behind the point: the plain formats, at every edge.
class Sub(float):
    pass


numbers = [0.0, -0.0, 1.0, -1.5, 0.5, 1.5, 2.5, 0.125, 2.675, 1e-7, 123456.789, 999999999999999.9, -999999999999999.9, 1e15,
           1e16, 1e300, float("inf"), float("-inf"), float("nan"), 5e-324, Sub(2.25), True, 3]
for spec in [".2f", ".0f", ".1f", "8.2f", "20.3f", "99.20f", ".20f", ".21f", "100.2f", "08.2f", "<8.2f", "f", ".f", "8f",
             ".2F", ".2e", ".2g", "+.2f", "5.100f", " .2f", "1.1f", "0.1f", ".2", "8.x", "é.2f"]:
    for number in numbers:
        for _ in range(2):
            try:
                text = f"{number:{spec}}"
            except Exception as error:
                text = f"{type(error).__name__}: {error}"
        print(spec, repr(text))
print([f"{n / 8:.2f}" for n in range(40)])
print(min(3, 1, 2), max(1, 3, 2), max(1.5, 2.5, 0.5), min(1, 2.5, 0), max(True, 2, 1), min("b", "a", "c"), max(1, 1.0, True))
print(tuple(), tuple((1, 2)), tuple([1, 2]), tuple(list(range(70)))[-1], tuple("ab"))
print("a".encode(), "é".encode(), ("x" * 300).encode()[-1:], "a".encode("utf-8"), "a".encode("ascii"), "a\x80".encode())
for arguments in [(1,), ("utf-8", 1), ("none",), ("utf-8", "none")]:
    try:
        print("a".encode(*arguments))
    except Exception as error:
        print(f"{type(error).__name__}: {error}")
print("a,b,,c".split(","), "a--b-c".split("--"), "aéb".split("é"), "aéb".find("b"), "abc".rsplit("b"))
try:
    "a".find(1)
except TypeError as error:
    print(error)
