for action in (
    lambda: 1.0 / 0, lambda: 1.0 // 0, lambda: 1.0 % 0, lambda: 0.0 ** -1, lambda: 10.0 ** 400,
    lambda: 1.0 + "x", lambda: divmod(1.0, 0), lambda: 1.5 << 1, lambda: 1.0[0], lambda: [1][1.0],
    lambda: range(1.0), lambda: "a" * 2.0,
):
    try:
        print(action())
    except (ZeroDivisionError, OverflowError, TypeError) as error:
        print(type(error).__name__, error)
