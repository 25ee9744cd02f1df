from concurrent.futures import ThreadPoolExecutor, as_completed, wait, FIRST_COMPLETED, Future
import threading, time
with ThreadPoolExecutor(max_workers=4) as pool:
    print(list(pool.map(lambda x: x * x, range(6))))
    futures = {pool.submit(pow, 2, n): n for n in range(5)}
    print(sorted((futures[f], f.result()) for f in as_completed(futures)))
    bad = pool.submit(lambda: 1 / 0)
    print(type(bad.exception()).__name__, bad.done(), bad.cancelled())
    try:
        bad.result()
    except ZeroDivisionError as error:
        print(error)
    gate = threading.Event()
    a, b = pool.submit(gate.wait), pool.submit(lambda: "quick")
    done, waiting = wait([a, b], return_when=FIRST_COMPLETED)
    print(b in done, a in waiting)
    try:
        a.result(timeout=0.01)
    except TimeoutError:
        print("timeout")
    gate.set()
    calls = []
    f = pool.submit(lambda: "called back")
    f.add_done_callback(lambda f: calls.append(f.result()))
print(calls, a.result())
try:
    pool.submit(print)
except RuntimeError as error:
    print(error)
f = Future()
print(f.set_running_or_notify_cancel(), f.running(), f.set_result(5), f.result(), f.cancel())
