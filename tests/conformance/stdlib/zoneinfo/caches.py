# One zone for one key, unless somebody asks for another; subclasses have their own.
import gc
import os
import pickle
import weakref
import zoneinfo
from datetime import datetime
from zoneinfo import ZoneInfo

from _files import file

os.mkdir("zones")
for key in "abcdefghijkl":
    with open(f"zones/{key}", "wb") as out:
        out.write(file(b"AAA3BBB,M3.2.0,M11.1.0").getvalue())
zoneinfo.reset_tzpath([os.path.abspath("zones")])

one = ZoneInfo("a")
print(one is ZoneInfo("a"), one is ZoneInfo(key="a"), one is ZoneInfo.no_cache("a"), one == ZoneInfo.no_cache("a"))
print(repr(one), str(one), one.key, hash(one) == hash(ZoneInfo("a")))


class Sub(ZoneInfo):
    pass


print(Sub("a") is one, type(Sub("a")).__name__, Sub("a") is Sub("a"), repr(Sub("a")), "_weak_cache" in vars(Sub))
ZoneInfo.clear_cache(only_keys=["b", "a"])
print(ZoneInfo("a") is one)
one = ZoneInfo("a")
ZoneInfo.clear_cache()
print(ZoneInfo("a") is one)

for key in "abcdefghijkl":
    weakref.finalize(ZoneInfo(key), lambda: None)
print(all(ZoneInfo(key) is ZoneInfo(key) for key in "fghijkl"))

for zone in ZoneInfo("b"), ZoneInfo.no_cache("b"), Sub("b"):
    again = pickle.loads(pickle.dumps(zone))
    print(again is zone, type(again) is type(zone), zone.__reduce__()[1])
unpickled = ZoneInfo.from_file(file(b"AAA3"), key="c")
print(repr(unpickled), str(unpickled))
unnamed = ZoneInfo.from_file(file(b"AAA3"))
print(repr(unnamed).startswith("zoneinfo.ZoneInfo.from_file(<_io.BytesIO object at"), str(unnamed) == repr(unnamed), unnamed.key)
for function in [
    lambda: pickle.dumps(unnamed),
    lambda: ZoneInfo("nowhere"),
    lambda: ZoneInfo("../a"),
    lambda: ZoneInfo("/a"),
    lambda: ZoneInfo(1),
    lambda: ZoneInfo(),
    lambda: ZoneInfo("a", "b"),
    lambda: setattr(one, "key", "b"),
    lambda: ZoneInfo.from_file(1),
    lambda: ZoneInfo.clear_cache(1),
    lambda: ZoneInfo.clear_cache(only_keys=1),
    lambda: one.utcoffset(1),
    lambda: one.fromutc(1),
    lambda: one.fromutc(datetime(2020, 1, 1)),
]:
    try:
        print(function())
    except Exception as error:
        print(type(error).__name__, error)


class Wrong:
    def get(self, key, default=None):
        return 5


class Broken(ZoneInfo):
    pass


Broken._weak_cache = Wrong()
for function in [lambda: Broken("a"), lambda: Broken.clear_cache()]:
    try:
        print(function())
    except Exception as error:
        print(type(error).__name__, error)
