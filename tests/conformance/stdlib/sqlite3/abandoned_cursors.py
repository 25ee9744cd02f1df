# Cursors that nobody holds any more are in nobody's way.
import os
import sqlite3

con = sqlite3.connect("a.db", timeout=0.5)
con.execute("CREATE TABLE t(a)")
con.executemany("INSERT INTO t VALUES(?)", [(i,) for i in range(3000)])
con.commit()


def first():
    (row,) = map(lambda _: con.execute("SELECT a FROM t").fetchone(), [None])
    return row


print(first())
con.execute("ALTER TABLE t RENAME TO u")
con.execute("DROP TABLE u")
con.execute("CREATE TABLE t(a)")
con.executemany("INSERT INTO t VALUES(?)", [(i,) for i in range(3000)])
con.commit()
print(first())
other = sqlite3.connect("a.db", timeout=0.5)
other.execute("DELETE FROM t WHERE a > 10")
other.commit()
print(con.execute("SELECT count(*) FROM t").fetchone())
con.isolation_level = None
print(first())
con.execute("VACUUM")
print(con.execute("PRAGMA journal_mode = wal").fetchone())
con.execute("INSERT INTO t VALUES(-3)")
print(other.execute("SELECT min(a) FROM t").fetchone())
con.execute("INSERT INTO t VALUES(-4) RETURNING a")
print(other.execute("SELECT min(a) FROM t").fetchone())
other.close()
con.close()
print(sorted(os.listdir()))
