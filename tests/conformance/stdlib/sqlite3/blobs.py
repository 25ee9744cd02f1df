import os
import sqlite3

con = sqlite3.connect(":memory:")
con.execute("CREATE TABLE t(b)")
con.execute("INSERT INTO t VALUES(zeroblob(10))")
with con.blobopen("t", "b", 1) as blob:
    print(len(blob), blob.tell(), blob.read(3), blob.tell())
    blob.write(b"abc")
    blob.seek(-4, os.SEEK_END)
    blob.write(bytearray(b"wxyz"))
    blob.seek(0)
    print(blob.read(), blob.read(), blob.tell())
    print(blob[3], blob[-1], blob[2:5], blob[::3], blob[5:2])
    blob[0] = 65
    blob[1:3] = b"BC"
    blob[3::2] = b"1234"
    blob[4:4] = b""
    print(blob[:])
    for change in (
        lambda: blob[10],
        lambda: blob["a"],
        lambda: blob[::-1],
        lambda: blob.write(b"x"),
        lambda: blob.seek(11),
        lambda: blob.seek(0, 3),
        lambda: blob.seek(2**31 - 1, os.SEEK_END),
        lambda: blob.__setitem__(0, 256),
        lambda: blob.__setitem__(0, b"a"),
        lambda: blob.__setitem__(slice(0, 2), b"a"),
        lambda: blob.__setitem__(slice(0, 2), "ab"),
        lambda: blob.__delitem__(0),
        lambda: blob.__delitem__(slice(0, 1)),
    ):
        blob.seek(10)
        try:
            print(change())
        except Exception as error:
            print(f"{type(error).__name__}: {error}")
print(con.execute("SELECT b FROM t").fetchone())
for use in (blob.read, blob.tell, lambda: len(blob), lambda: blob[0], blob.__enter__):
    try:
        use()
    except sqlite3.ProgrammingError as error:
        print(error)
blob.close()
with con.blobopen("t", "b", 1, readonly=True) as blob:
    try:
        blob.write(b"a")
    except sqlite3.OperationalError as error:
        print(error)
for arguments in (("t", "b", 2), ("t", "x", 1), ("u", "b", 1), ("t", "b", 1.0)):
    try:
        con.blobopen(*arguments)
    except (sqlite3.OperationalError, TypeError) as error:
        print(f"{type(error).__name__}: {error}")
blob = con.blobopen("t", "b", 1)
con.execute("UPDATE t SET b = 'changed'")
try:
    blob.read()
except sqlite3.OperationalError as error:
    print(error.sqlite_errorname)
blob = con.blobopen("t", "b", 1)
con.close()
try:
    blob.read()
except sqlite3.ProgrammingError as error:
    print(error)
