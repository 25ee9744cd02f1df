for s in ("hello World", "HELLO", "ß", "ǆ", "İ", "ΑΣ", "ﬁ", "123", "", "a1", "title Case", "ⅷ"):
    print([s.upper(), s.lower(), s.title(), s.capitalize(), s.swapcase(), s.casefold()])
for s in (
    "abc", "ABC", "Abc Def", "a1", "12", "½", "²", "٣", " ", "\t\n", "", "_x", "1x", "é", "def", "\x00", "日本",
    "Ⅷ",
):
    print(ascii(s))
    print([s.isalpha(), s.isdigit(), s.isdecimal(), s.isnumeric(), s.isalnum(), s.isspace(), s.isupper(), s.islower(), s.istitle(), s.isidentifier(), s.isprintable(), s.isascii()])
