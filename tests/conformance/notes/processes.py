from multiprocessing import Process, Queue

def worker(x, q):
    s = sum(i * i for i in range(10_000))
    q.put((x, s))

if __name__ == "__main__":
    q = Queue()
    procs = [Process(target=worker, args=(i, q)) for i in range(4)]
    for p in procs:
        p.start()
    results = [q.get() for _ in procs]
    for p in procs:
        p.join()
    print(sorted(results))
