import os, sys, threading
os.mkdir("mods")
for i in range(20):
    with open(f"mods/slow{i}.py", "w") as f:
        f.write(f"import time\nstate = 'half'\ntime.sleep(0.002)\nstate = 'done'\nimport sys\ncount = getattr(sys, 'count{i}', 0) + 1\nsys.count{i} = count\n")
sys.path.insert(0, os.path.abspath("mods"))
seen = []
def work():
    for i in range(20):
        m = __import__(f"slow{i}")
        seen.append((m.state, m.count))
threads = [threading.Thread(target=work) for _ in range(4)]
for t in threads: t.start()
for t in threads: t.join()
print(len(seen), set(seen))
