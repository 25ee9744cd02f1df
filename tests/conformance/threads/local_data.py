import threading
local = threading.local()
local.x = "main"
seen = {}
def work(n):
    seen[n, "before"] = hasattr(local, "x")
    local.x = n
    seen[n, "after"] = local.x
threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
for t in threads: t.start()
for t in threads: t.join()
print(sorted(seen.items(), key=str), local.x, local.__dict__)
class L(threading.local):
    def __init__(self, v):
        self.v = v
        calls.append(threading.current_thread().name)
calls = []
l = L(5)
def read():
    l.v += 1
t = threading.Thread(target=read, name="other")
t.start(); t.join()
print(l.v, calls)
try:
    threading.local(1)
except TypeError as error:
    print(error)
