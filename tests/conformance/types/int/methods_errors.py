for action in (
    lambda: (256).to_bytes(1, "big"), lambda: (-1).to_bytes(1, "big"), lambda: (1).to_bytes(1, "middle"),
    lambda: (1).to_bytes(-1, "big"), lambda: int.from_bytes("x", "big"),
):
    try:
        action()
    except (OverflowError, ValueError, TypeError) as error:
        print(type(error).__name__, error)
