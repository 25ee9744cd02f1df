# Sizes that no machine has end in an exception, and the program goes on.
def attempt(action):
    try:
        action()
        print("no exception")
    except (MemoryError, OverflowError, ValueError) as error:
        print(type(error).__name__, error)

attempt(lambda: "x" * (1 << 62))
attempt(lambda: "x" * (1 << 80))
attempt(lambda: [0] * (1 << 61))
attempt(lambda: (0,) * (1 << 61))
attempt(lambda: bytes(1 << 62))
attempt(lambda: bytearray(1 << 62))
attempt(lambda: bytes(-1))
attempt(lambda: "abc".center(1 << 62))
attempt(lambda: 1 << (1 << 80))
attempt(lambda: "%*d" % (1 << 70, 1))
attempt(lambda: format(1, "9999999999999999999999d"))
attempt(lambda: list(range(1 << 62)))
attempt(lambda: chr(1 << 40))
attempt(lambda: range(1 << 70).__len__())
attempt(lambda: int("1" * 5000))
attempt(lambda: str(10 ** 5000))
print("alive")
