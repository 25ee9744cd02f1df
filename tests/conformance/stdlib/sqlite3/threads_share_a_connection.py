import gc
import sqlite3
import threading

con = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
con.execute("CREATE TABLE t(thread, a)")
errors = []


def work(number):
    try:
        cur = con.cursor()
        for i in range(150):
            cur.execute(f"INSERT INTO t VALUES(?, ? * 2) -- {number}", (number, i))
            if i % 10 == 0:
                rows = con.execute(f"SELECT a FROM t WHERE thread = {number} ORDER BY a").fetchall()
                assert rows == [(2 * k,) for k in range(i + 1)], rows
            if i % 50 == 0:
                gc.collect()
    except BaseException as error:
        errors.append(error)


threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(errors, con.execute("SELECT count(*), sum(a) FROM t").fetchone())
other = sqlite3.connect(":memory:")


def elsewhere():
    for use in (other.cursor, other.commit, other.close, lambda: other.execute("SELECT 1")):
        try:
            print(use())
        except sqlite3.ProgrammingError as error:
            print(str(error)[:80])


thread = threading.Thread(target=elsewhere)
thread.start()
thread.join()
con.close()
other.close()
