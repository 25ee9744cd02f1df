import threading
def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps
def mandel(w):
    total = 0
    for y in range(w):
        for x in range(w):
            z, c = 0j, complex(3 * x / w - 2, 2 * y / w - 1)
            for i in range(20):
                z = z * z + c
                if abs(z) > 2:
                    break
            total += i
    return total
out = {}
def run(name, f, *args):
    out[name] = f(*args)
threads = [threading.Thread(target=run, args=(("c", k), lambda k=k: [collatz(n) for n in range(1, 800)])) for k in range(3)]
threads += [threading.Thread(target=run, args=(("m", k), mandel, 40)) for k in range(3)]
for t in threads: t.start()
for t in threads: t.join()
print(len({tuple(out["c", k]) for k in range(3)}), sum(out["c", 0]), {out["m", k] for k in range(3)})
