import threading
s = set()
def work(n):
    for i in range(4000):
        s.add(i)
        s.add((n, i))
    for i in range(0, 4000, 2):
        s.discard(i)
threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
for t in threads: t.start()
for t in threads: t.join()
print(sum(isinstance(x, tuple) for x in s), all(i in s for i in range(1, 4000, 2)))
print(all((n, i) in s for n in range(4) for i in range(4000)))
a = set(range(1000))
def union():
    for _ in range(50):
        a.update(range(1000, 1500))
        a.difference_update(range(1000, 1500))
threads = [threading.Thread(target=union) for _ in range(3)]
for t in threads: t.start()
for t in threads: t.join()
print({x for x in a if x < 1000} == set(range(1000)))
