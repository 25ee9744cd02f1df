import sqlite3

con = sqlite3.connect(":memory:")
cur = con.cursor()
print(cur.description, cur.rowcount, cur.lastrowid, cur.arraysize, cur.connection is con)
cur.execute("CREATE TABLE t(a INTEGER PRIMARY KEY, b REAL, c TEXT, d BLOB)")
print(cur.description, cur.rowcount, cur.lastrowid)
cur.execute("INSERT INTO t(b, c, d) VALUES(?, ?, ?)", (1.5, "x\0y é", b"\0\1"))
print(cur.rowcount, cur.lastrowid)
cur.executemany("INSERT INTO t(b, c) VALUES(?, ?)", ((i / 4, "n" * i) for i in range(5)))
print(cur.rowcount, cur.lastrowid, con.total_changes)
cur.execute("SELECT a, b AS 'b [x]', c, d FROM t ORDER BY a")
print([column[0] for column in cur.description], cur.rowcount)
print(cur.fetchone(), cur.fetchmany(), cur.fetchmany(2), cur.fetchall(), cur.fetchone(), cur.fetchall())
print(list(con.execute("SELECT -1, 9223372036854775807, -9223372036854775808, NULL, 1e999, '', x''")))
print(con.execute("UPDATE t SET b = b + 1 WHERE a > 2 RETURNING a").fetchall(), con.total_changes)
cur.execute("UPDATE t SET b = 0 WHERE a < 3 RETURNING a")
print(cur.rowcount, cur.fetchone(), cur.rowcount, cur.fetchone(), cur.rowcount, cur.fetchone())
print(con.execute("").fetchall(), con.execute("-- nothing").description)
con.executescript("CREATE TABLE u(x); INSERT INTO u VALUES(1); /* ; */ INSERT INTO u VALUES(2);-- end")
print(con.execute("SELECT x FROM u").fetchall(), con.in_transaction)

con.row_factory = sqlite3.Row
row = con.execute("SELECT 1 AS One, 2 AS two, 3 AS 'drei ä'").fetchone()
print(row.keys(), tuple(row), len(row), row["one"], row["TWO"], row["drei ä"], row[-1], row[0:2], 2 in row)
same = con.execute("SELECT 1 AS One, 2 AS two, 3 AS 'drei ä'").fetchone()
other = con.execute("SELECT 1 AS x, 2 AS two, 3 AS 'drei ä'").fetchone()
print(row == same, hash(row) == hash(same), row != other, row == (1, 2, 3), dict(row), list(reversed(row)))
for key in ("three", "drei Ä", 3, -4, 2**70, None, 1.0):
    try:
        print(row[key])
    except IndexError as error:
        print(repr(error))
con.row_factory = lambda cursor, row: {column[0]: value for column, value in zip(cursor.description, row)}
print(con.execute("SELECT 1 AS a, 'b' AS b").fetchone())
con.row_factory = None

for factory in (bytes, bytearray, lambda text: text.decode("latin-1").upper()):
    con.text_factory = factory
    print(con.execute("SELECT 'é', 'a'").fetchone())
con.text_factory = str
try:
    con.execute("SELECT CAST(x'61ff62' AS TEXT) AS name").fetchone()
except sqlite3.OperationalError as error:
    print(error)
cur.close()
for use in (cur.fetchone, cur.close, lambda: cur.execute("SELECT 1"), lambda: list(cur)):
    try:
        print(use())
    except sqlite3.ProgrammingError as error:
        print(error)
con.close()
con.close()
for use in (con.cursor, con.commit, lambda: con.execute("SELECT 1"), lambda: con.total_changes, con.interrupt):
    try:
        print(use())
    except sqlite3.ProgrammingError as error:
        print(error)
