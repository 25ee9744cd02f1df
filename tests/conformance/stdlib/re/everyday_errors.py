import re
m = re.search(r"(?P<year>\d{4})-(?P<month>\d\d)", "on 2024-05-17 and 2023-01-02")
p = re.compile(r"(\d+)", re.I)
for action in (
    lambda: re.match("a", 5), lambda: re.match("a", b"a"), lambda: re.search("a", "a").group(1),
    lambda: re.sub("(a)", r"\2", "a"), lambda: m.group("nope"),
):
    try:
        action()
    except (TypeError, IndexError, re.PatternError) as error:
        print(type(error).__name__, error)
