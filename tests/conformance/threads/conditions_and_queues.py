import queue, threading
q = queue.Queue(maxsize=2)
results = []
def producer(n):
    for i in range(50):
        q.put((n, i))
def consumer():
    while (item := q.get()) is not None:
        results.append(item)
        q.task_done()
ps = [threading.Thread(target=producer, args=(n,)) for n in range(3)]
cs = [threading.Thread(target=consumer) for _ in range(2)]
for t in ps + cs: t.start()
for t in ps: t.join()
for _ in cs: q.put(None)
for t in cs: t.join()
print(len(results), sorted(results) == sorted((n, i) for n in range(3) for i in range(50)))
for action in (
    lambda: q.get_nowait(), lambda: q.get(timeout=0.01), lambda: [q.put_nowait(1) for _ in range(5)],
):
    try:
        action()
    except (queue.Empty, queue.Full) as error:
        print(type(error).__name__)
c = threading.Condition()
state = []
def waiter(n):
    with c:
        c.wait_for(lambda: "go" in state)
        state.append(n)
ts = [threading.Thread(target=waiter, args=(n,)) for n in range(3)]
for t in ts: t.start()
with c:
    state.append("go")
    c.notify_all()
for t in ts: t.join()
print(sorted(state[1:]))
with c:
    print(c.wait(0.01))
try:
    c.notify()
except RuntimeError as error:
    print(error)
s = threading.BoundedSemaphore(2)
print(s.acquire(), s.acquire(), s.acquire(False), s.release(), s.release())
try:
    s.release()
except ValueError as error:
    print(error)
p = queue.PriorityQueue()
for x in (3, 1, 2): p.put(x)
l = queue.LifoQueue()
for x in (3, 1, 2): l.put(x)
sq = queue.SimpleQueue()
sq.put("s")
print([p.get() for _ in range(3)], [l.get() for _ in range(3)], sq.get(), q.qsize() > 0, sq.empty())
