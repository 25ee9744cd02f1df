import threading

done = []

def work():
    for i in range(100_000):
        i += 1
    done.append(i)

threads = [threading.Thread(target=work) for _ in range(10)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(done)
