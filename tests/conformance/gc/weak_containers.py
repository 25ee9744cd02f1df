import gc, weakref
class K:
    def __init__(self, n): self.n = n
    def __repr__(self): return f"K{self.n}"
wv, wk, ws = weakref.WeakValueDictionary(), weakref.WeakKeyDictionary(), weakref.WeakSet()
keep = [K(i) for i in range(3)]
for k in keep:
    wv[k.n], wk[k] = k, k.n
    ws.add(k)
extra = K(9)
wv[9], wk[extra] = extra, 9
ws.add(extra)
print(sorted(wv), sorted(wk.values()), len(ws), extra in ws, wv.get(9), 9 in wv)
del extra, k
gc.collect(); gc.collect()
print(sorted(wv), sorted(wk.values()), len(ws), wv.get(9, "no"), sorted(x.n for x in ws))
try:
    wv[9]
except KeyError as error:
    print(repr(error))
print(wv.pop(0), len(wv), wk.pop(keep[1]), ws.discard(keep[2]), len(ws))
print(sorted(wv.items()) if False else sorted(wv.keys()))
