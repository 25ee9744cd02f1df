import re
m = re.search(r"(?P<year>\d{4})-(?P<month>\d\d)", "on 2024-05-17 and 2023-01-02")
print(m, m.group(), m.group(1, "month"), m.groups(), m.groupdict(), m.span("year"), m.start(), m["month"])
print(m.lastgroup, m.expand(r"\2/\1"))
print(re.findall(r"\w+", "hello, big world"), re.findall(r"(\w)(\d)", "a1 b2"))
print(re.split(r"[,;]\s*", "a, b;c"), re.split(r"(-)", "a-b-c", maxsplit=1))
print(re.sub(r"\d+", lambda m: str(int(m[0]) * 2), "a1b22"), re.sub("a", "b", "aaa", count=2))
print(re.subn("x", "y", "xx"), re.match("b", "abc"), re.fullmatch("a.c", "abc").group())
print([m.start() for m in re.finditer("a", "banana")], re.escape("a.b*c"))
print(re.findall(r"(?i)ABC", "abcABC"), re.findall(r"^\w", "a\nb", re.M), re.search(r"a.b", "a\nb", re.S).group() == "a\nb", re.search(r"""
  \d+  # digits
  [a-z]+""", "12ab", re.X).group(), re.findall(r"\b\w{3}\b", "one three two"), re.search(r"(?<=\$)\d+", "cost $42").group(), re.search(r"q(?!u)", "iraq").span(), re.search(r"(a+)+?b", "aaab").groups(), re.search(r"(.)\1", "hello").group(), re.findall(r"<.+?>", "<a><b>"), re.sub(r"(\w+) (\w+)", r"\2 \g<1>", "hello world"), re.findall(rb"\d", b"a1b2"), re.search(r"(?:ab)+", "ababx").end())
p = re.compile(r"(\d+)", re.I)
print(p, p.pattern, p.groups, p.flags, p.groupindex, p.search("x12", 1).pos, p.sub("#", "1 2"))
print(p.split("a1b"), p == re.compile(r"(\d+)", re.I), re.search("(a)|(b)", "b").groups("none"))
print(re.search(r"(?>a+)b", "aab").group(), re.findall(r"[^\W\d_]+", "é1日_x"))
for bad in (
    "(", "[a", "*a", "a**", "(?P<1>a)", "(?P<a>x)(?P<a>y)", r"\1", "(?<=a+)b", "a{2,1}", r"\q", "(?z)",
    "[z-a]", ")", "(?P=x)", "x(?i)",
):
    try:
        re.compile(bad)
        print("compiled", bad)
    except re.PatternError as error:
        print(bad, "->", error)
