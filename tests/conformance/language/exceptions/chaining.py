def attempt(action):
    try:
        action()
    except Exception as error:
        chain = []
        while error is not None:
            chain.append(f"{error!r} cause={error.__cause__!r} suppressed={error.__suppress_context__}")
            error = error.__context__
        print("\n  ".join(chain))
def implicit():
    try:
        1 / 0
    except ZeroDivisionError:
        {}["missing"]
def explicit():
    try:
        1 / 0
    except ZeroDivisionError as error:
        raise ValueError("explicit") from error
def none():
    try:
        1 / 0
    except ZeroDivisionError:
        raise ValueError("from none") from None
def from_class():
    raise ValueError("x") from KeyError
def again():
    try:
        raise ValueError("same")
    except ValueError as error:
        try:
            raise KeyError
        except KeyError:
            raise error
for f in (implicit, explicit, none, from_class, again):
    attempt(f)
try:
    raise ValueError from 5
except TypeError as error:
    print(error)
