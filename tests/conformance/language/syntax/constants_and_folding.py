def f():
    return 2 ** 10, "a" * 5, (1, 2) + (3,), -5, not 0, 1 / 4, 7 // 2, "abc"[1], 10 % 3, 1 if 1 else 2
print(f())
def g():
    a = 1000
    b = 1000
    return a is b, () is (), "ab" is "a" "b"
import warnings
warnings.simplefilter("ignore")
print(g()[0], g()[1])
try:
    exec("1 / 0")
except ZeroDivisionError as error:
    print(error)
try:
    exec("'a' + 1")
except TypeError as error:
    print(error)
try:
    exec("1 << -1")
except ValueError as error:
    print(error)
def dead():
    if 0:
        yield
    return 5
print(type(dead()).__name__)
def doc():
    "doc" "string"
def nodoc():
    f"no doc"
print(doc.__doc__, nodoc.__doc__)
print(0.0 == -0.0, {1: "int", 1.0: "float", True: "bool"}, {0.0, -0.0}, (1, 1.0, True) == (True, 1, 1.0))
print([0.0, -0.0], (-0.0).hex(), -0.0 + 0, 1 - 1.0)
