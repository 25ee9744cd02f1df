import time
a = time.perf_counter()
time.sleep(0.01)
b = time.perf_counter()
print(0.009 < b - a < 5, time.time() > 1.6e9, time.monotonic() <= time.monotonic(), isinstance(time.time_ns(), int), time.process_time() >= 0, time.thread_time() >= 0)
print(time.gmtime(0), time.strftime("%Y-%m-%d %H:%M:%S %j %a %b %%", time.gmtime(1e9)), time.asctime(time.gmtime(0)), time.mktime(time.localtime(1e9)) == 1e9, time.strptime("2024-05-17", "%Y-%m-%d")[:3], time.timezone, time.tzname, time.ctime(0))
t = time.gmtime(86400 * 365)
print(t.tm_year, t.tm_yday, t[0], len(t), t == tuple(t), time.struct_time(range(9)).tm_mday)
for action in (lambda: time.sleep(-1), lambda: time.sleep("x"), lambda: time.strptime("x", "%Y"), lambda: time.gmtime("x"), lambda: time.strftime("%Y", (1,)), lambda: time.gmtime(1e30), lambda: time.struct_time([1])):
    try:
        action()
    except (ValueError, TypeError, OverflowError) as error:
        print(type(error).__name__, error)
