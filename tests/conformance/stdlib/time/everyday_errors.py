import time
a = time.perf_counter()
time.sleep(0.01)
b = time.perf_counter()
t = time.gmtime(86400 * 365)
for action in (
    lambda: time.sleep(-1), lambda: time.sleep("x"), lambda: time.strptime("x", "%Y"),
    lambda: time.gmtime("x"), lambda: time.strftime("%Y", (1,)), lambda: time.gmtime(1e30),
    lambda: time.struct_time([1]),
):
    try:
        action()
    except (ValueError, TypeError, OverflowError) as error:
        print(type(error).__name__, error)
