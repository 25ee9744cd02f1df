import threading
made = [None] * 4
def make(n):
    out = []
    for i in range(100):
        ns = {}
        exec(f"class C{i}:\n    v = {i}\n    def m(self): return self.v + {n}\ndef f(x): return x * {n} + {i}", ns)
        C = ns[f"C{i}"]
        out.append((C().m(), ns["f"](10), type(f"D{i}", (C,), {"w": n})().m()))
    made[n] = out
threads = [threading.Thread(target=make, args=(n,)) for n in range(4)]
for t in threads: t.start()
for t in threads: t.join()
print(all(made[n] == [(i + n, 10 * n + i, i + n) for i in range(100)] for n in range(4)))
