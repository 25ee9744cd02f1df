# list.append and list.pop lose nothing.
import threading
items = []
def add(base):
    for i in range(5000):
        items.append(base + i)
threads = [threading.Thread(target=add, args=(k * 5000,)) for k in range(4)]
for t in threads: t.start()
for t in threads: t.join()
print(len(items), sorted(items) == list(range(20000)))
taken = [[] for _ in range(4)]
def take(mine):
    while True:
        try:
            mine.append(items.pop())
        except IndexError:
            return
threads = [threading.Thread(target=take, args=(mine,)) for mine in taken]
for t in threads: t.start()
for t in threads: t.join()
print(len(items), sorted(sum(taken, [])) == list(range(20000)))
