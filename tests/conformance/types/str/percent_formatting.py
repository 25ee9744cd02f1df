print("%s %r %a" % ("é", "é", "é"), "%d %i %u" % (1, 2, 3), "%x %X %#x %o %#o" % (255, 255, 255, 8, 8))
print("%5d|%-5d|%05d|%+d|% d" % (1, 2, 3, 4, 5), "%c%c" % (65, "B"), "%%" % ())
print("%(a)s %(b)05.1f" % {"a": 1, "b": 2.5}, "%s" % "x", "%s" % ("x",), "%s" % [1, 2])
print("%.2s|%5.1s|" % ("abc", "xyz"), "%*d|%-*d|%.*f" % (5, 1, 5, 2, 2, 3.14159), "%s %s" % (1, (2,)))
print("%d" % 3.99, "%d" % True, "%e" % 12345.678, "%g" % 1e-10)
print("%x" % 10 ** 20 if False else "%x" % (10 ** 20), "%s" % None, "%r" % (None,), "%.3d" % 5)
print("%10.4s|" % "abcdefgh", "%#.3x" % 5, "%+.2e" % -1.5, "%i" % 10 ** 2 if False else "")
for fmt, value in (
    ("%d", "x"), ("%d %d", (1,)), ("%d", (1, 2)), ("%s %s", "x"), ("%q", 1), ("%", 1), ("%(a)s", 1),
    ("%(a)s", {"b": 1}), ("%c", "ab"), ("%c", -1), ("%x", 1.5), ("%d", None), ("%f", "x"), ("%(a", {"a": 1}),
    ("%*d", ("x", 1)), ("no", 1), ("%s", ()), ("%.1", 1), ("%c", 1.5), ("%i", 1j),
):
    try:
        print(fmt % value)
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        print(fmt, type(error).__name__, error)
