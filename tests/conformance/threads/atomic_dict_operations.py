# Distinct keys are all kept; setdefault and pop have one winner.
import threading
d = {}
won = []
def work(n):
    for i in range(3000):
        d[(n, i)] = i
    for i in range(1000):
        token = object()
        if d.setdefault(("shared", i), token) is token:
            won.append(i)
threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
for t in threads: t.start()
for t in threads: t.join()
print(len(d), all(d[(n, i)] == i for n in range(4) for i in range(3000)), len(won))
print(sorted(won) == list(range(1000)))
popped = []
def pop():
    for i in range(1000):
        if d.pop(("shared", i), None) is not None:
            popped.append(i)
threads = [threading.Thread(target=pop) for _ in range(4)]
for t in threads: t.start()
for t in threads: t.join()
print(len(popped), len(d))
