# Finalizers run at some time before the end of the program, and never inside a sort or a dict operation.
import gc
count = 0
class C:
    def __init__(self): self.data = [0] * 100
    def __del__(self):
        global count
        count += 1
for i in range(20000):
    C()
gc.collect(); gc.collect()
print(count == 20000)
class Evil:
    def __del__(self): d.clear()
d = {i: i for i in range(100)}
e = Evil()
e.self = e
del e
gc.collect(); gc.collect()
print(len(d))
