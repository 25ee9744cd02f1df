# timeout: 120
import dbm
import dbm.sqlite3
import shelve

with dbm.open("d", "c") as db:
    print(type(db).__module__)
    db["a"] = b"1"
    db[b"b"] = "zwei ä"
    print(db["a"], db["b"], "a" in db, len(db), sorted(db.keys()), db.get("x"))
    del db["a"]
with dbm.open("d") as db:
    print(list(db.items()), dbm.whichdb("d"))
    try:
        db["c"] = "3"
    except dbm.error as error:
        print(error)
try:
    db["b"]
except dbm.error as error:
    print(error)
with shelve.open("s") as shelf:
    shelf["list"] = [1, {"two": 3.0}]
with shelve.open("s", "r") as shelf:
    print(dict(shelf))
