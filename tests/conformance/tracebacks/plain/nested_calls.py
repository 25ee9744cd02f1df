def first(x):
    return second(x) + 1

def second(x):
    y = x * 2
    return third(y)

def third(value):
    raise ValueError(f"bad value {value}")

print("before")
first(21)
