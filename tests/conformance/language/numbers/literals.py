print(1_000_000, 0xff_ff, 0b1010, 0o17, 0XAB, 1e3, 1.5e-3, .5, 5., 1_0.0_1, 3j, 1.5J, 0b0, 00, 1E+2)
print(10**20, -0, +5, 0xFFFFFFFFFFFFFFFFFFFF, 1e400, 1e-400)
for bad in (
    "01", "1_", "1__0", "0x", "0b2", "0o8", "1e", "1_e5", "0_x1", "1abc", "0xg", "1.5.5", "1__", "0b",
    "123abc", "1e5x",
):
    try:
        compile(bad, "<n>", "eval")
        print("compiled", bad)
    except SyntaxError as error:
        print(bad, "->", error.msg)
