b = bytearray(b"hello")
b[0] = 72
b[1:3] = b"EEE"
b.append(33)
b.extend(b"??")
b.extend([1, 2])
b.insert(0, 60)
b.remove(33)
del b[-1]
del b[::2]
b.reverse()
b += b"more"
b *= 2
b.clear()
b = bytearray(b"abcdef")
b[::2] = b"XYZ"
for action in (
    lambda: b.append(256), lambda: b.append("x"), lambda: b.append(-1), lambda: b.__setitem__(0, 300),
    lambda: b.__setitem__(99, 1), lambda: b.pop(99), lambda: bytearray().pop(), lambda: b.remove(1),
    lambda: b.__setitem__(slice(0, 1), "x"), lambda: b.__setitem__(slice(0, 3, 2), b"abc"),
    lambda: b.extend("x"), lambda: b.extend([300]), lambda: b + "x", lambda: hash(b),
    lambda: b.__delitem__(50), lambda: bytearray("x"), lambda: bytearray(-1), lambda: b.insert("x", 1),
    lambda: b.extend(5),
):
    try:
        print(action())
    except (ValueError, TypeError, IndexError) as error:
        print(type(error).__name__, error)
