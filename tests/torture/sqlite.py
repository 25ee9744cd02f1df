"""Threads share a connection and its callbacks: functions and aggregates in Python, cursors that are dropped with rows left."""

import sqlite3
import threading

from _torture import THREADS, Token, main

con = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
con.execute("CREATE TABLE t(thread, a)")
added = [0] * THREADS
own = threading.local()
shared = con.cursor()


class Sum:
    def __init__(self):
        self.tokens = []

    def step(self, a):
        self.tokens.append(Token(a))

    def finalize(self):
        for token in self.tokens:
            token.check()
        return sum(token.a for token in self.tokens)


def same(a):
    token = Token(a)
    con.execute("SELECT ?", (a,)).fetchone()
    token.check()
    return token.a


con.create_function("same", 1, same)
con.create_aggregate("total", 1, Sum)
con.create_collation("python", lambda a, b: (a > b) - (a < b))


def insert(rng, me):
    count = rng.randrange(4)
    con.executemany("INSERT INTO t VALUES(?, same(?))", [(me, 1)] * count)
    added[me] += count


def call(rng, me):
    number = rng.randrange(10**12)
    assert con.execute("SELECT same(?)", (number,)).fetchone() == (number,)


def aggregate(rng, me):
    (total,) = con.execute("SELECT total(a) FROM t WHERE thread = ?", (me,)).fetchone()
    assert (total or 0) == added[me], (total, added[me])


def leave_rows(rng, me):
    cursor = con.execute("SELECT same(a) FROM t LIMIT 20")
    cursor.fetchmany(rng.randrange(5))


def collate(rng, me):
    rows = con.execute("SELECT 'b' AS x UNION ALL SELECT 'a' UNION ALL SELECT ? ORDER BY x COLLATE python", ("c",))
    assert rows.fetchall() == [("a",), ("b",), ("c",)]


def of_its_own(rng, me):
    mine = getattr(own, "connection", None)
    if mine is None or rng.randrange(50) == 0:
        mine = own.connection = sqlite3.connect(":memory:")
        mine.create_function("same", 1, same)
        mine.execute("CREATE TABLE u(a)")
    mine.execute("INSERT INTO u VALUES(same(?))", (me,))
    with mine:
        assert set(mine.execute("SELECT same(a) FROM u")) == {(me,)}


def one_cursor(rng, me):
    try:
        row = shared.execute("SELECT same(5)").fetchone()
        assert row in (None, (5,)), row
    except sqlite3.ProgrammingError as error:
        assert "Recursive" in str(error), error


def define(rng, me):
    name = f"f{me}"
    try:
        con.create_function(name, 0, lambda: me)
    except sqlite3.OperationalError:
        # Somebody's statement runs.
        return
    assert con.execute(f"SELECT {name}()").fetchone() == (me,)


def check():
    for me in range(THREADS):
        aggregate(None, me)


main([insert, call, aggregate, leave_rows, collate, of_its_own, one_cursor, define], check)
