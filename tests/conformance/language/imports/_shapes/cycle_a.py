from . import cycle_b
value = "a"
def use():
    return cycle_b.value
