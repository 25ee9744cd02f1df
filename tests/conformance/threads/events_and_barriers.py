import threading
e = threading.Event()
out = []
def wait():
    out.append(e.wait(5))
t = threading.Thread(target=wait)
t.start()
print(e.is_set(), e.wait(0.01))
e.set()
t.join()
print(out, e.is_set(), e.wait())
e.clear()
print(e.is_set())
b = threading.Barrier(3, action=lambda: out.append("action"))
def meet():
    b.wait(5)
ts = [threading.Thread(target=meet) for _ in range(2)]
for t in ts: t.start()
index = b.wait(5)
for t in ts: t.join()
print(out[1:], 0 <= index < 3, b.n_waiting, b.parties, b.broken)
b.abort()
try:
    b.wait()
except threading.BrokenBarrierError:
    print("broken")
