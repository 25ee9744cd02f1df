# How much memory is traced: what lives now, and the most that lived at once.
import gc
import tracemalloc

print(tracemalloc.get_traced_memory(), tracemalloc._get_traces())
tracemalloc.start()
small = tracemalloc.get_traced_memory()[0]
data = bytes(1 << 20)
current, peak = tracemalloc.get_traced_memory()
print(abs(current - small - (1 << 20)) < 50000, peak >= current)
del data
gc.collect()
after, peak_after = tracemalloc.get_traced_memory()
print(current - after > 1_000_000, peak_after >= peak)
tracemalloc.reset_peak()
gc.collect()
now, peak_now = tracemalloc.get_traced_memory()
print(peak_now < peak, peak_now >= now)

rows = [bytes(10000) for _ in range(100)]
text = "y" * 20000
snapshot = tracemalloc.take_snapshot()
for statistic in snapshot.statistics("lineno")[:2]:
    print(statistic.traceback[0].lineno, statistic.count >= 100, statistic.size // 10000)
own = snapshot.filter_traces([tracemalloc.Filter(True, __file__)])
print(len(own.traces) > 100, all(trace.domain == 0 for trace in own.traces))

more = [bytes(10000) for _ in range(50)]
rows = None
gc.collect()
second = tracemalloc.take_snapshot()
for difference in second.compare_to(snapshot, "lineno")[:2]:
    print(difference.traceback[0].lineno, difference.count_diff // 50, round(difference.size_diff / 100000))
print(tracemalloc.get_tracemalloc_memory() > 0)
tracemalloc.clear_traces()
print(tracemalloc.get_traced_memory()[0] < 100000)
tracemalloc.stop()
print(tracemalloc.get_traced_memory(), tracemalloc._get_traces())
