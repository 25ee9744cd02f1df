import sqlite3


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __conform__(self, protocol):
        if protocol is sqlite3.PrepareProtocol:
            return f"{self.x};{self.y}"

    def __repr__(self):
        return f"Point({self.x}, {self.y})"


class Money:
    def __init__(self, cents):
        self.cents = cents


class Text(str):
    pass


sqlite3.register_adapter(Money, lambda money: money.cents)
sqlite3.register_adapter(Text, lambda text: "adapted " + text)
sqlite3.register_converter("point", lambda text: Point(*map(float, text.split(b";"))))
sqlite3.register_converter("Upper", lambda text: text.upper())
sqlite3.register_converter("fails", lambda text: 1 // 0)
con = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES)
con.execute("CREATE TABLE t(p point(10), m NOT NULL, u upper, d)")
con.execute("INSERT INTO t VALUES(?, ?, ?, ?)", (Point(1, 2), Money(150), "abc", Text("x")))
con.execute("INSERT INTO t VALUES(?, ?, ?, ?)", (None, Money(1), None, None))
cur = con.execute("SELECT p, m, u, d AS 'd [upper]', u AS \"u [nothing]\", d AS 'd[upper' FROM t")
print([column[0] for column in cur.description], cur.fetchall())
cur = con.execute("SELECT 'x' AS 'a [fails]'")
try:
    cur.fetchone()
except ZeroDivisionError as error:
    print(error)
print(sqlite3.adapt(Point(3, 4)), sqlite3.adapt(Money(5)), sqlite3.adapt(object(), str, "otherwise"))
print(sorted(name for name in sqlite3.converters if name in ("POINT", "UPPER", "FAILS")))
print((Money, sqlite3.PrepareProtocol) in sqlite3.adapters)
for value in (Point, set()):
    try:
        con.execute("SELECT ?", (value,))
    except sqlite3.ProgrammingError as error:
        print(error)
sqlite3.register_adapter(int, lambda number: -number)
print(con.execute("SELECT ?, ?", (5, True)).fetchone())
del sqlite3.adapters[int, sqlite3.PrepareProtocol]
print(con.execute("SELECT ?", (5,)).fetchone())
con.close()
