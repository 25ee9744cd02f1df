print("{} {}".format(1, 2), "{1} {0}".format("a", "b"), "{x} {y:>4}".format(x=1, y=2))
print("{0[1]} {0[0]}".format([10, 20]), "{a.real}".format(a=5), "{d[key]}".format(d={"key": "v"}))
print("{{}}".format(), "{!r:>6}".format("s"))
print("{:{w}.{p}f}".format(3.14159, w=8, p=2), "{0:{1}}|".format("x", 5), "{:,}".format(10 ** 7))
print("{0.__class__.__name__}".format(1), "{:%Y}".format(type("D", (), {"__format__": lambda s, f: f})()))
print("{}".format(None), "{:s}".format("x"))
print("{a} {b}".format_map({"a": 1, "b": 2}), "{!s} {!a}".format("é", "é"), "{:>{}}".format("r", 4))
print("{0}{0}".format("ab"))
for args in (
    ("{}",), ("{1}", 0), ("{x}",), ("{", 1), ("}", 1), ("{} {0}", 1), ("{0} {}", 1), ("{!x}", 1),
    ("{:d}", "s"), ("{a.b}", ), ("{0.nope}", 1), ("{0[x]}", [1]), ("{0[5]}", [1]), ("{:{:{}}}", 1, 2, 3),
    ("{!}", 1), ("{0[}", 1), ("{0!rs}", 1), ("{:10.5d}", 1), ("{0.}", 1), ("{0[]}", 1),
):
    try:
        print(args[0].format(*args[1:]))
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        print(args[0], type(error).__name__, error)
