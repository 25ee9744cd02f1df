def a():
    try:
        1 / 0
    except ZeroDivisionError:
        b()

def b():
    try:
        [][0]
    except IndexError as error:
        raise RuntimeError("third") from error

try:
    a()
finally:
    print("finally runs first")
