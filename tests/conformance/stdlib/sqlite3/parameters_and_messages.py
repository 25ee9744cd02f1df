import sqlite3

con = sqlite3.connect(":memory:")


class Pair:
    def __len__(self):
        return 2

    def __getitem__(self, index):
        return ("first", "second")[index]


class Names(dict):
    def __missing__(self, key):
        if key == "none":
            raise KeyError(key)
        return key * 2


print(con.execute("SELECT ?, ?", Pair()).fetchone())
print(con.execute("SELECT :a, @b, $c", Names(a=1)).fetchone())
print(con.execute("SELECT ?2, ?1", [1, 2]).fetchone())
print(con.execute("SELECT ?1, ?1", {"1": "named"}).fetchone())
print(con.execute("SELECT ?, ?, ?, ?", (True, memoryview(b"ab")[::1], bytearray(b"c"), float("inf"))).fetchone())
print(con.execute("SELECT ? IS NULL", (float("nan"),)).fetchone())

for sql, parameters in (
    ("SELECT ?", ()),
    ("SELECT ?", (1, 2)),
    ("SELECT ?", 5),
    ("SELECT ?", {1}),
    ("SELECT ?", {}),
    ("SELECT :a", {}),
    ("SELECT :none", Names()),
    ("SELECT :a, ?", (1, 2)),
    ("SELECT ?", (2**63,)),
    ("SELECT ?", (-(2**63) - 1,)),
    ("SELECT ?", (1j,)),
    ("SELECT ?", ([],)),
    ("SELECT ?", ("\ud800",)),
    ("SELECT 1; SELECT 2", ()),
    ("SELECT '\0'", ()),
    ("\ud800", ()),
    (b"SELECT 1", ()),
    ("SELECT ?", None),
):
    try:
        print(con.execute(sql, parameters).fetchall())
    except Exception as error:
        print(f"{type(error).__name__}: {error}")

con.execute("CREATE TABLE t(a UNIQUE NOT NULL)")
con.execute("INSERT INTO t VALUES(1)")
for sql in ("INSERT INTO t VALUES(1)", "INSERT INTO t VALUES(NULL)", "SELECT * FROM missing", "SELEC"):
    try:
        con.execute(sql)
    except sqlite3.Error as error:
        print(type(error).__mro__[1].__name__, type(error).__name__, error.sqlite_errorcode, error.sqlite_errorname)
try:
    con.executemany("SELECT ?", [(1,)])
except sqlite3.ProgrammingError as error:
    print(error)
for call in (
    lambda: sqlite3.connect(":memory:", isolation_level="x"),
    lambda: sqlite3.connect(":memory:", isolation_level=1),
    lambda: sqlite3.connect(":memory:", autocommit=5),
    lambda: sqlite3.connect("a\0b"),
    lambda: sqlite3.connect(5),
    lambda: sqlite3.connect("/nowhere/at/all"),
    lambda: sqlite3.Connection(),
    lambda: sqlite3.Cursor(1),
    lambda: sqlite3.Row(con.cursor(), [1]),
    lambda: con.cursor(lambda con: 1),
    lambda: con.setlimit(99, 1),
    lambda: con.setconfig(1),
    lambda: con.create_function("f", -2, len),
    lambda: con.create_collation("x", 1),
    lambda: con.backup(con),
    lambda: con.serialize(name="none"),
    lambda: con.executescript(b"x"),
    lambda: con.executescript("\0"),
    lambda: sqlite3.adapt(object()),
    lambda: sqlite3.Cursor.__new__(sqlite3.Cursor).execute("x"),
    lambda: sqlite3.Connection.__new__(sqlite3.Connection).cursor(),
    lambda: setattr(con.cursor(), "arraysize", -1),
    lambda: delattr(con, "isolation_level"),
):
    try:
        print(call())
    except Exception as error:
        print(f"{type(error).__name__}: {error}")
con.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 20)
try:
    con.execute("SELECT 1 -- twenty and more")
except sqlite3.DataError as error:
    print(error)
print([sqlite3.complete_statement(text) for text in ("SELECT 1", "SELECT 1;", "SELECT ';", "")])
print(sqlite3.threadsafety, sqlite3.paramstyle, con.Error is sqlite3.Error)
con.close()
