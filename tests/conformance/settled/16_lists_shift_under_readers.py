# insert, pop(0), slices, reverse and sort while others read: nobody sees a hole, nothing is lost.
import threading

items = list(range(200))
stop = False
problems = []

def reader():
    while not stop:
        for value in items[:]:
            if not isinstance(value, int):
                problems.append(value)
        for value in items:
            if not isinstance(value, int):
                problems.append(value)
        try:
            if not isinstance(items[0], int) or not isinstance(items[-1], int):
                problems.append("end")
        except IndexError:
            pass

lock = threading.Lock()
def writer(kind):
    for step in range(300):
        with lock:
            if kind == 0:
                items.append(items.pop(0))
                items.insert(len(items) // 2, items.pop())
            elif kind == 1:
                items.reverse()
                items[10:20] = items[10:20][::-1]
            else:
                items.insert(0, 1000 + step)
                del items[0]

readers = [threading.Thread(target=reader) for _ in range(2)]
writers = [threading.Thread(target=writer, args=(kind,)) for kind in range(3)]
for t in readers + writers:
    t.start()
for t in writers:
    t.join()
stop = True
for t in readers:
    t.join()
print(problems[:3], len(items), sorted(items) == list(range(200)))
