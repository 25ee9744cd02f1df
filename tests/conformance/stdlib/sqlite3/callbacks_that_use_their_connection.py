import gc
import sqlite3

con = sqlite3.connect(":memory:")
con.execute("CREATE TABLE t(a)")
con.executemany("INSERT INTO t VALUES(?)", [(i,) for i in range(5)])


def nested(a):
    gc.collect()
    return con.execute("SELECT sum(a) FROM t WHERE a <= ?", (a,)).fetchone()[0]


con.create_function("nested", 1, nested)
print(con.execute("SELECT nested(a) FROM t").fetchall())

cur = con.cursor()
con.create_function("again", 1, lambda a: cur.execute("SELECT 1"))
try:
    cur.execute("SELECT again(a) FROM t")
except sqlite3.OperationalError as error:
    print(error)


def convert(text):
    cur.fetchone()
    return text


sqlite3.register_converter("recursive", convert)
typed = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_COLNAMES)
cur = typed.cursor()
cur.execute("SELECT 'x' AS 'a [recursive]'")
try:
    cur.fetchone()
except sqlite3.ProgrammingError as error:
    print(error)

try:
    con.execute("SELECT * FROM t").executemany("INSERT INTO t VALUES(?)", (cur.fetchone() for _ in range(2)))
except sqlite3.ProgrammingError as error:
    print(error)


def replace(a):
    try:
        con.create_function("replace_me", 1, lambda a: "new")
    except sqlite3.OperationalError as error:
        return str(error)


con.create_function("replace_me", 1, replace)
print(con.execute("SELECT replace_me(1)").fetchone())


class Nested:
    def __init__(self):
        self.total = 0

    def step(self, a):
        gc.collect()
        self.total += con.execute("SELECT inner_sum(?)", (a,)).fetchone()[0]

    def finalize(self):
        return self.total


class Inner:
    def __init__(self):
        self.total = 0

    def step(self, a):
        self.total += a

    def finalize(self):
        return self.total


con.create_aggregate("outer_sum", 1, Nested)
con.create_aggregate("inner_sum", 1, Inner)
print(con.execute("SELECT outer_sum(a), inner_sum(a) FROM t").fetchone())

rows = []
for (a,) in con.execute("SELECT a FROM t"):
    rows.append((a, con.execute("SELECT nested(?)", (a,)).fetchone()))
print(rows)

for i in range(50):
    con.create_function("f", 1, lambda a, i=i: a + i)
    gc.collect() if i % 10 == 0 else None
print(con.execute("SELECT f(1)").fetchone())

con.close()
typed.close()
