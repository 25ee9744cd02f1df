def attempt(action):
    try:
        action()
    except BaseException as error:
        print(type(error).__name__, error.args)
def bare():
    raise
def raise_class():
    raise KeyError
def raise_value():
    raise KeyError("k", 2)
def raise_int():
    raise 5
def raise_type():
    raise int
def raise_none():
    raise None
class Bad(Exception):
    def __new__(cls):
        return 5
def raise_bad():
    raise Bad
for f in (bare, raise_class, raise_value, raise_int, raise_type, raise_none, raise_bad):
    attempt(f)
def reraise():
    try:
        raise ValueError("original")
    except ValueError:
        try:
            raise KeyError("inner")
        except KeyError:
            pass
        raise
attempt(reraise)
attempt(lambda: (_ for _ in ()).throw(OSError(2, "No such file")))
