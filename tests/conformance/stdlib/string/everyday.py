import string
print(string.ascii_letters, string.digits, string.punctuation, repr(string.whitespace), string.hexdigits)
print(string.capwords("hello big  world"), string.capwords("a-b", "-"))
t = string.Template("$name owes $$${amount} to ${who}")
print(t.substitute(name="Ann", amount=5, who="Bob"), t.safe_substitute(name="X"), t.get_identifiers())
print(t.is_valid())
for action in (
    lambda: t.substitute(name="a"), lambda: string.Template("$").substitute(),
    lambda: string.Template("$1 x").substitute({}),
):
    try:
        action()
    except (KeyError, ValueError) as error:
        print(type(error).__name__, error)
class F(string.Formatter):
    def get_value(self, key, args, kwargs):
        return kwargs.get(key, f"<{key}>") if isinstance(key, str) else super().get_value(key, args, kwargs)
print(F().format("{0} {x} {y!r:>5}", 1, y="q"), list(string.Formatter().parse("a{b!r:c}d")))
