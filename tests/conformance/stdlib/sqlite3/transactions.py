import os
import sqlite3

con = sqlite3.connect("t.db")
print(con.isolation_level, con.autocommit, con.in_transaction)
con.execute("CREATE TABLE t(a)")
print(con.in_transaction)
con.execute("INSERT INTO t VALUES(1)")
print(con.in_transaction)
con.rollback()
print(con.in_transaction, con.execute("SELECT count(*) FROM t").fetchone())
with con:
    con.execute("INSERT INTO t VALUES(2)")
print(con.in_transaction, con.execute("SELECT a FROM t").fetchall())
try:
    with con:
        con.execute("INSERT INTO t VALUES(3)")
        raise ValueError
except ValueError:
    print(con.in_transaction, con.execute("SELECT a FROM t").fetchall())
statements = []
con.set_trace_callback(statements.append)
for level in ("deferred", "IMMEDIATE", "Exclusive", "", None):
    con.isolation_level = level
    con.execute("INSERT INTO t VALUES(4)")
    con.rollback()
    print(con.isolation_level, statements, con.in_transaction)
    statements.clear()
con.set_trace_callback(None)
con.close()

con = sqlite3.connect("t.db", autocommit=False)
print(con.in_transaction, con.autocommit)
con.execute("DELETE FROM t")
con.commit()
print(con.in_transaction)
con.execute("INSERT INTO t VALUES(5)")
con.autocommit = True
print(con.in_transaction, con.autocommit, con.execute("SELECT a FROM t").fetchall())
con.autocommit = sqlite3.LEGACY_TRANSACTION_CONTROL
print(con.autocommit)
con.autocommit = False
con.execute("INSERT INTO t VALUES(6)")
con.close()
with sqlite3.connect("file:t.db?mode=ro", uri=True) as con:
    print(con.execute("SELECT a FROM t").fetchall())
    try:
        con.execute("INSERT INTO t VALUES(7)")
    except sqlite3.OperationalError as error:
        print(error, error.sqlite_errorname)
con.close()

one = sqlite3.connect("t.db", timeout=0)
two = sqlite3.connect("t.db", timeout=0)
one.execute("INSERT INTO t VALUES(8)")
try:
    two.execute("INSERT INTO t VALUES(9)")
except sqlite3.OperationalError as error:
    print(error, error.sqlite_errorname)
one.commit()
two.execute("INSERT INTO t VALUES(9)")
two.commit()
print(one.execute("SELECT a FROM t ORDER BY a").fetchall())
one.close()
two.close()
os.remove("t.db")
