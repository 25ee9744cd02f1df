# A value that refers to its key keeps the key alive.
import gc
import weakref

class Key:
    pass

d = weakref.WeakKeyDictionary()
k1, k2 = Key(), Key()
d[k1] = "plain"
d[k2] = [k2]
print(len(d))
del k1, k2
gc.collect()
gc.collect()
print(len(d), [type(v).__name__ for v in d.values()])
d.clear()
print(len(d))
