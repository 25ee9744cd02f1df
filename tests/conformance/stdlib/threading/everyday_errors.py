import threading
results = []
def work(n, *, k=0):
    results.append((n, k))
ts = [threading.Thread(target=work, args=(i,), kwargs={"k": i * 10}) for i in range(4)]
for t in ts: t.start()
for t in ts: t.join()
class T(threading.Thread):
    def run(self): self.result = 42
t = T(name="mine", daemon=True)
t.start()
t.join(5)
timer = threading.Timer(0.01, results.append, ["timer"])
for action in (
    lambda: t.start(), lambda: threading.Thread(target=5, group=1), lambda: threading.Thread().join(),
    lambda: threading.current_thread().join(), lambda: setattr(t, "daemon", False),
    lambda: threading.Thread(wrong=1), lambda: threading.Lock().release(),
    lambda: threading.RLock().release(), lambda: threading.Semaphore(-1), lambda: threading.Barrier(0),
):
    try:
        action()
    except (RuntimeError, AssertionError, TypeError, ValueError) as error:
        print(type(error).__name__, error)
