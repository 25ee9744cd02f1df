print((255).bit_length(), (0).bit_length(), (-256).bit_length(), (255).bit_count(), (2 ** 100).bit_length())
print((1024).to_bytes(2, "big"), (1024).to_bytes(4, "little"), (-1).to_bytes(2, "big", signed=True), (5).to_bytes(), (0).to_bytes(0, "big"))
print(int.from_bytes(b"\x01\x00", "big"), int.from_bytes(b"\xff\xff", "little", signed=True), int.from_bytes([1, 2]), int.from_bytes(b""))
for action in (lambda: (256).to_bytes(1, "big"), lambda: (-1).to_bytes(1, "big"), lambda: (1).to_bytes(1, "middle"), lambda: (1).to_bytes(-1, "big"), lambda: int.from_bytes("x", "big")):
    try:
        action()
    except (OverflowError, ValueError, TypeError) as error:
        print(type(error).__name__, error)
print((5).conjugate(), (5).real, (5).imag, (5).numerator, (5).denominator, (5).as_integer_ratio(), (5).is_integer())
print(round(1234, -2), round(1250, -2), round(1350, -2), round(-15, -1), round(5), (7).__round__(-1), (5).__floor__(), (5).__ceil__(), (5).__trunc__())
print(hex(255), oct(8), bin(-5), hex(-(2 ** 70)), str(2 ** 200), repr(-(2 ** 64)))
print((5).__add__("x"), (5).__eq__(5.0), (5).__lt__(6), (3).__pow__(2, 5), (5).__bool__(), (5).__index__(), (5).__divmod__(2))
