import gc
import sqlite3
import threading

con = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
con.create_function("mine", 1, lambda a: a * 2)

# One statement waits in Python for another thread, which uses another connection meanwhile.
ready, go = threading.Event(), threading.Event()


def waits(a):
    ready.set()
    go.wait()
    return a


con.create_function("waits", 1, waits)
result = []
thread = threading.Thread(target=lambda: result.append(con.execute("SELECT waits(7)").fetchone()))
thread.start()
ready.wait()
other = sqlite3.connect(":memory:")
print(other.execute("SELECT 1").fetchone())
gc.collect()
go.set()
thread.join()
print(result)


def interrupted():
    try:
        con.execute("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + mine(0) + 1 FROM n) SELECT max(x) FROM n")
    except sqlite3.OperationalError as error:
        result.append(str(error))


thread = threading.Thread(target=interrupted)
thread.start()
while thread.is_alive():
    con.interrupt()
thread.join()
print(result[1:])
con.close()
other.close()
