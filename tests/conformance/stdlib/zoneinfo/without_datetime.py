# Where the native datetime is not to be had, zoneinfo does without its own native part.
import sys

sys.modules["_datetime"] = None
import datetime
import zoneinfo

from _files import file

zone = zoneinfo.ZoneInfo.from_file(file(b"AAA3BBB,M3.2.0,M11.1.0"), key="x")
print(zone, type(zone).__module__, "_zoneinfo" in sys.modules)
print(datetime.datetime(2020, 7, 1, tzinfo=zone).isoformat())
try:
    import _zoneinfo
except AttributeError as error:
    print(error)
