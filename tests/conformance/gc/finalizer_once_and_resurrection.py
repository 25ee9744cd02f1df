import gc
log, saved = [], []
class R:
    def __del__(self):
        log.append("del")
        saved.append(self)
R()
gc.collect(); gc.collect()
print(log, len(saved), type(saved[0]).__name__)
saved.clear()
gc.collect(); gc.collect()
print(log)
class Holder:
    def __init__(self): self.part = Part(self)
class Part:
    def __init__(self, owner): self.owner = owner
    def __del__(self): log.append(type(self.owner).__name__)
Holder()
gc.collect(); gc.collect()
print(log)
class Alloc:
    def __del__(self):
        log.append(len([object() for _ in range(1000)]))
        gc.collect()
Alloc()
gc.collect(); gc.collect()
print(log[-1])
