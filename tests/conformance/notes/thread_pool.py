from concurrent.futures import ThreadPoolExecutor, as_completed
import time

def blocking_io(x):
    time.sleep(0.1)
    return x * 2

start = time.perf_counter()
results = []
with ThreadPoolExecutor(max_workers=5) as executor:
    futures = [executor.submit(blocking_io, i) for i in range(10)]
    for fut in as_completed(futures):
        results.append(fut.result())
print(sorted(results), "in two rounds:", 0.15 < time.perf_counter() - start < 0.6)
