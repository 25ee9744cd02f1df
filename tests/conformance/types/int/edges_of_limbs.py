"""Operators and conversions of ints at the edges of one, two and four machine words."""

edges = sorted({
    sign * (base + step)
    for base in (0, 2**32, 2**62, 2**63, 2**64, 10**18, 10**19, 10**38, 2**127, 2**128, 2**192, 2**255, 2**256, 10**77, 2**384)
    for step in (-2, -1, 0, 1, 7)
    for sign in (1, -1)
})


def digest(texts):
    """A number that depends on every character."""
    value = 0
    for text in texts:
        for character in text:
            value = (value * 31 + ord(character)) % (2**61 - 1)
    return value


def show(name, results):
    texts = [str(result) for result in results]
    print(name, len(texts), digest(texts), texts[1][:40], texts[-1][:40])


for a in edges:
    text = str(a)
    # The digits are those that repeated division by ten gives, whatever way the conversion takes.
    rest, digits = abs(a), ""
    while True:
        rest, digit = rest // 10, rest - rest // 10 * 10
        digits = "0123456789"[digit] + digits
        if not rest:
            break
    assert text == ("-" if a < 0 else "") + digits, text
    assert int(text) == a and int(hex(a), 16) == a and int(f"{a:X}", 16) == a and f"{a:d}" == text
    assert abs(a) in (a, -a) and not str(abs(a)).startswith("-")
show("sums", [a + b for a in edges for b in edges])
show("differences", [a - b for a in edges for b in edges])
show("products", [a * b for a in edges for b in edges])
show("remainders", [a % b for a in edges for b in (1, 2, 7, 10, 10**9 + 7, 2**32 - 1, 2**32, 2**32 + 1, 10**18, 2**63, 10**30)])
show("negative divisors", [a % -b for a in edges for b in (1, 7, 10**9 + 7, 2**32, 10**19)])
show("quotients", [a // b for a in edges for b in (1, 7, 10**9 + 7, 2**32, 10**19, -3)])
show("hexadecimal", [hex(a) for a in edges])
for spec in ("x", "X", "030x", "40", "045d", "99x", "b", "o", ",", "+x", "#x", "_x"):
    show(spec, [format(a, spec) for a in edges])
for a in edges:
    try:
        a % 0
    except ZeroDivisionError as error:
        message = str(error)
print(message)
