"""Prints the sums that `src/tests.rs` holds, from CPython 3.14: python3.14 crates/unicode/tools/checksums.py

The sum of a property is that of value * (code point + 1) over all code points, modulo 2^64; a text's value is the
FNV-1a hash of its UTF-8 bytes, a list's that of its code points one by one.
"""

import unicodedata as ud

MASK = (1 << 64) - 1


def fnv(items):
    value = 0xCBF29CE484222325
    for item in items:
        value = (value ^ item) * 0x100000001B3 & MASK
    return value


def codes(text):
    return fnv(map(ord, text))


def total(name, of):
    print(f'    ("{name}", {sum(of(chr(c)) * (c + 1) for c in range(0x110000)) & MASK:#x}),')


if __name__ == "__main__":
    for name in "isalpha islower isupper isspace isprintable isidentifier isdecimal isdigit isnumeric isalnum".split():
        total(name, lambda c: getattr(c, name)())
    total("identifier_continue", lambda c: ("a" + c).isidentifier())
    total("title", lambda c: c.istitle() and not c.isupper())
    total("line_break", lambda c: len(("a" + c + "a").splitlines()) == 2)
    total("mirrored", ud.mirrored)
    for name in "lower upper title casefold".split():
        total(name, lambda c: codes(getattr(c, name)()))
    for name in "category bidirectional east_asian_width decomposition".split():
        total(name, lambda c: fnv(getattr(ud, name)(c).encode()))
    for name in "decimal digit".split():
        total("value of " + name, lambda c: getattr(ud, name)(c, -1) + 1)
    total("numeric", lambda c: int(ud.numeric(c, 0) * 960))
    total("combining", ud.combining)
    total("name", lambda c: fnv(ud.name(c, "").encode()))
    for form in "NFC NFD NFKC NFKD".split():
        total(form, lambda c: codes(ud.normalize(form, "A" + c + "\u0323\u0301\u0327")))
