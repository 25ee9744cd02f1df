import sqlite3

con = sqlite3.connect(":memory:")
con.executescript("""
    CREATE TABLE t(a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT);
    CREATE INDEX i ON t(b);
    CREATE VIEW v AS SELECT b FROM t;
""")
con.executemany("INSERT INTO t(b) VALUES(?)", [("it's",), (None,), ("x" * 5,)])
con.commit()
print("\n".join(con.iterdump()))
copy = sqlite3.connect(":memory:")
steps = []
con.backup(copy, pages=1, progress=lambda *numbers: steps.append(numbers))
print(len(steps) > 1, steps[-1][:2], copy.execute("SELECT * FROM v").fetchall())
data = con.serialize()
print(type(data), data[:15], len(data) % 512)
other = sqlite3.connect(":memory:")
other.deserialize(data)
print(other.execute("SELECT count(*) FROM t").fetchone())
other.execute("INSERT INTO t(b) VALUES('more')")
print(other.execute("SELECT a, b FROM t").fetchall()[-1])


def fails(*numbers):
    raise KeyError("stop")


try:
    con.backup(sqlite3.connect(":memory:"), progress=fails)
except KeyError as error:
    print(repr(error))
try:
    con.backup(copy, name="none")
except sqlite3.OperationalError as error:
    print(error)
closed = sqlite3.connect(":memory:")
closed.close()
for source, target in ((con, closed), (closed, con)):
    try:
        source.backup(target)
    except sqlite3.ProgrammingError as error:
        print(error)
for con in (con, copy, other):
    con.close()
