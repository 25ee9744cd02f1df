for action in (
    lambda: float("inf").as_integer_ratio(), lambda: float("nan").as_integer_ratio(),
    lambda: round(float("nan")), lambda: round(float("inf")), lambda: float.fromhex("xyz"),
    lambda: float.fromhex("0x1p99999"), lambda: round(1.5, "x"), lambda: round(1.5, 1.0),
    lambda: float.from_number("5"),
):
    try:
        print(action())
    except (OverflowError, ValueError, TypeError) as error:
        print(type(error).__name__, error)
