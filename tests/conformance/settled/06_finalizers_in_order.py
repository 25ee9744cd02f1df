# A finalizer runs before those of what it can still reach, each exactly once.
import gc

order = []

class Node:
    def __init__(self, name, inner=None):
        self.name, self.inner = name, inner

    def __del__(self):
        order.append((self.name, self.inner.name if self.inner else None))

outer = Node("text", Node("buffer", Node("raw")))
del outer
for _ in range(4):
    gc.collect()
print(order)

order.clear()
saved = []
class Phoenix:
    def __del__(self):
        order.append("del")
        saved.append(self)
Phoenix()
gc.collect()
print(order, len(saved))
saved.clear()
gc.collect()
print("finalized once:", order)

order.clear()
class Raises:
    def __del__(self):
        order.append("raises")
        raise ValueError("ignored")
import sys
sys.unraisablehook = lambda info: order.append((type(info.exc_value).__name__, str(info.exc_value)))
Raises()
gc.collect()
print(order)

order.clear()
class Ring:
    def __del__(self):
        order.append("ring")
a, b = Ring(), Ring()
a.other, b.other = b, a
del a, b
gc.collect()
gc.collect()
print(order)
