import threading
results = []
def work(n, *, k=0):
    results.append((n, k))
ts = [threading.Thread(target=work, args=(i,), kwargs={"k": i * 10}) for i in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(sorted(results), ts[0].is_alive(), ts[0].name.startswith("Thread-"), threading.current_thread().name)
print(threading.main_thread() is threading.current_thread(), threading.active_count(), ts[0].daemon)
print(isinstance(ts[0].ident, int))
class T(threading.Thread):
    def run(self): self.result = 42
t = T(name="mine", daemon=True)
print(repr(t).startswith("<T(mine, initial daemon)>"))
t.start()
t.join(5)
print(t.result, t.name)
timer = threading.Timer(0.01, results.append, ["timer"])
timer.start()
timer.join()
print(results[-1])
def hook(args):
    print("hook", args.exc_type.__name__, args.exc_value, args.thread.name)
threading.excepthook = hook
t = threading.Thread(target=lambda: 1 / 0, name="failing")
t.start(); t.join()
