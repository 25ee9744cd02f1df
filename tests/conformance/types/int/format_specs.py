n = 1234567
for spec in (
    "", "d", ",", "_", "x", "X", "#x", "o", "b", "#b", "010", "<12", ">12", "^12", "*^12", "+", " ", "-",
    "=+12", "012,", "e", ".2f", "g", "%", "n", "c" if False else "08b", "_x", "#_b", "+#o", "z.1f", ",.2f",
    "_.3e",
):
    print(f"{spec!r:9}", f"[{n:{spec}}]", f"[{-n:{spec}}]")
print(f"{65:c}", f"{0x1F600:c}", f"{True:d}", f"{True}", f"{True:5}|", f"{2**70:,}")
for value, spec in (
    (1, "q"), (1, ".2d"), (1, ",x"), (1, "_,d"), (1, "s"), (-1, "c"), (0x110000, "c"), (1, "+c"), (1, ",c"),
    (1, "5.5"), (1, "99999999999999999999d"), (1, "zd"), (1, ",_"),
):
    try:
        print(format(value, spec))
    except (ValueError, OverflowError) as error:
        print(spec, type(error).__name__, error)
