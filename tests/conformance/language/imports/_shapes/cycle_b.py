from . import cycle_a
value = "b" + str(hasattr(cycle_a, "value"))
