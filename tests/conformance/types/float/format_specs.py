for v in (1234.5678, 0.000012345, 1e20, -2.5, 0.0, float("inf"), float("nan")):
    print([format(v, s) for s in ("", ".2f", "e", ".3e", "g", ".3g", "G", "%", ".1%", ",.2f", "_.1f", "+.1f", " .1f", "010.2f", ">12.1f", "#.0f", "#g", "n", ".0f", "*^+12.2e", "z.0f")])
print("%.3f %e %g %5.1f|%-8.2f|%+d %05.1f %%" % (3.14159, 1234.5, 0.0001, 2.25, 2.5, 3.7, 2.5))
print(format(-0.04, "z.1f"), format(0.5, ".0f"), format(1.5, ".0f"), format(2.5, ".0f"), format(1e15, ","))
print(format(123456.789, "_"), format(1.0, ".50f"), format(0.1, ".20f"))
print(format(1234.56789, ",.4f"), format(1234567.125, "_.2f"), f"{12345.6789:,.6_f}", f"{0.123456789:.9,f}")
for spec in ("d", "x", "q", ".2d", "s", "c", "10,,f", ".f", ".-1f", "5.", ",_f"):
    try:
        print(format(1.5, spec))
    except ValueError as error:
        print(spec, error)
