# Readers of a growing and shrinking dict see whole entries.
import threading
d = {i: str(i) for i in range(100)}
stop = False
bad = []
def read():
    while not stop:
        for k in range(0, 2000, 37):
            v = d.get(k)
            if v is not None and v != str(k):
                bad.append((k, v))
        try:
            for k, v in d.items():
                if v != str(k):
                    bad.append((k, v))
        except RuntimeError as error:
            if "changed" not in str(error):
                bad.append(error)
readers = [threading.Thread(target=read) for _ in range(2)]
for t in readers: t.start()
for round_ in range(20):
    for i in range(100, 2000):
        d[i] = str(i)
    for i in range(100, 2000):
        del d[i]
stop = True
for t in readers: t.join()
print(bad[:3], len(d), d[50])
