def f(action):
    try:
        action()
    except ZeroDivisionError as error:
        print("zero", error)
    except (KeyError, IndexError) as error:
        print(type(error).__name__, error)
    except Exception:
        print("other")
    else:
        print("else")
    finally:
        print("finally")
f(lambda: 1 / 0)
f(lambda: {}["k"])
f(lambda: [][0])
f(lambda: int("x"))
f(lambda: None)
try:
    error = "bound before"
    raise ValueError
except ValueError as error:
    pass
try:
    error
except NameError as e:
    print(e)
def unparenthesized():
    try:
        raise KeyError("k")
    except ValueError, KeyError:
        return "3.14 needs no brackets"
print(unparenthesized())
for bad in ("not a class", 5):
    try:
        try:
            raise ValueError
        except bad:
            pass
    except TypeError as error:
        print(error)
