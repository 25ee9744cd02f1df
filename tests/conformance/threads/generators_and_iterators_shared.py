# An iterator over a list may be shared: each item goes to one thread at least, and none is invented.
import threading, itertools
it = iter(range(20000))
lock = threading.Lock()
got = [[] for _ in range(3)]
def take(mine):
    while True:
        with lock:
            try:
                mine.append(next(it))
            except StopIteration:
                return
threads = [threading.Thread(target=take, args=(g,)) for g in got]
for t in threads: t.start()
for t in threads: t.join()
print(sorted(sum(got, [])) == list(range(20000)))
counter = itertools.count()
ids = [[] for _ in range(3)]
def number(mine):
    for _ in range(3000):
        mine.append(next(counter))
threads = [threading.Thread(target=number, args=(g,)) for g in ids]
for t in threads: t.start()
for t in threads: t.join()
every = sum(ids, [])
print(len(every), len(set(every)), max(every))
