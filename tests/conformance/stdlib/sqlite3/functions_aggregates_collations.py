import sqlite3
import sys

con = sqlite3.connect(":memory:")
con.execute("CREATE TABLE t(a, b)")
con.executemany("INSERT INTO t VALUES(?, ?)", [(1, "b"), (2, "a"), (3, None), (4, "C")])


class Total:
    def __init__(self):
        self.seen = []

    def step(self, *values):
        self.seen.append(values)

    def inverse(self, *values):
        self.seen.remove(values)

    def value(self):
        return repr(self.seen)

    def finalize(self):
        return f"end {len(self.seen)}"


class Broken:
    def __init__(self):
        self.n = 0

    def step(self, value):
        if value == 3:
            raise ZeroDivisionError

    def finalize(self):
        return [1]


con.create_function("args", -1, lambda *args: repr(args))
con.create_function("none", 0, lambda: None)
con.create_function("twice", 1, lambda x: x * 2, deterministic=True)
con.create_function("big", 0, lambda: 2**63)
con.create_function("bad", 0, lambda: [])
con.create_aggregate("total2", 2, Total)
con.create_aggregate("broken", 1, Broken)
con.create_window_function("win", 1, Total)
con.create_collation("length", lambda a, b: (len(a) > len(b)) - (len(a) < len(b)))
con.create_collation("backwards", lambda a, b: (a < b) - (a > b))

print(con.execute("SELECT args(1, 2.5, 'x', x'00', NULL), args(), none(), twice(21), twice('ab')").fetchone())
print(con.execute("SELECT total2(a, b) FROM t").fetchone(), con.execute("SELECT total2(a, b) FROM t WHERE 0").fetchone())
print(con.execute("SELECT b, total2(a, 0) FROM t GROUP BY b IS NULL ORDER BY 1").fetchall())
for row in con.execute("SELECT win(a) OVER (ORDER BY a ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM t"):
    print(row)
print(con.execute("SELECT b FROM t WHERE b NOT NULL ORDER BY b COLLATE backwards").fetchall())

shown = []
sys.unraisablehook = lambda args: shown.append((type(args.exc_value).__name__, str(args.exc_value), args.err_msg[:35]))
for tracebacks in (False, True):
    sqlite3.enable_callback_tracebacks(tracebacks)
    for sql in (
        "SELECT twice(NULL)",
        "SELECT big()",
        "SELECT bad()",
        "SELECT broken(a) FROM t",
        "SELECT broken(a) FROM t WHERE a = 1",
        "SELECT total2(1)",
    ):
        try:
            print(con.execute(sql).fetchall())
        except sqlite3.Error as error:
            print(f"{type(error).__name__}: {error}")
        except MemoryError:
            print("MemoryError")
print(*shown, sep="\n")
sqlite3.enable_callback_tracebacks(False)


def denies(action, first, second, database, source):
    if action == sqlite3.SQLITE_READ and second == "b":
        return sqlite3.SQLITE_IGNORE
    if action == sqlite3.SQLITE_DELETE:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_INSERT:
        raise ValueError
    return sqlite3.SQLITE_OK


con.set_authorizer(denies)
print(con.execute("SELECT a, b FROM t").fetchall())
for sql in ("DELETE FROM t", "INSERT INTO t VALUES(1, 2)"):
    try:
        con.execute(sql)
    except sqlite3.DatabaseError as error:
        print(error)
con.set_authorizer(None)
calls = []
con.set_progress_handler(lambda: calls.append(1) or len(calls) > 3, 50)
try:
    con.execute("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n").fetchone()
except sqlite3.OperationalError as error:
    print(error, len(calls))
con.set_progress_handler(None, 1)
traced = []
con.set_trace_callback(traced.append)
con.execute("INSERT INTO t VALUES(?, ?)", (5, "é"))
con.commit()
con.set_trace_callback(None)
print(traced)
con.create_collation("backwards", None)
con.create_window_function("win", 1, None)
for sql in ("SELECT b FROM t ORDER BY b COLLATE backwards", "SELECT win(a) FROM t"):
    try:
        con.execute(sql)
    except sqlite3.OperationalError as error:
        print(error)


def raises(a, b):
    raise KeyError("collation")


con.create_collation("raises", raises)
try:
    print(con.execute("SELECT b FROM t ORDER BY b COLLATE raises").fetchall())
except KeyError as error:
    print(repr(error))
con.close()
