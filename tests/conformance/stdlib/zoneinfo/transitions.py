# What holds around the transitions of a file, in local time and from UTC, and how far it is from standard time.
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from _files import file

names = b"LMT\0STD\0DST\0DDT\0"
LMT, STD, DST, DDT = (-1234, 0, 0), (3600, 0, 4), (7200, 1, 8), (10800, 1, 12)
day = 86400


def show(zone, hours):
    last = None
    for step in range(hours * 4):
        time = datetime(1970, 1, 1) + timedelta(minutes=15 * step) - timedelta(days=1)
        local = time.replace(tzinfo=timezone.utc).astimezone(zone)
        here = time.replace(tzinfo=zone)
        shown = [here.utcoffset(), here.dst(), here.tzname(), here.replace(fold=1).tzname(), local.tzname(), local.fold]
        if shown != last:
            print("   ", time, *shown)
            last = shown


for label, transitions, kinds, text in [
    ("none", [], [STD], b""),
    ("none but a rule", [], [LMT], b"STD-1"),
    ("one", [(0, 1)], [LMT, STD], b""),
    ("one and a rule", [(0, 1)], [LMT, STD], b"STD-1DST,J2/12,J3/12"),
    ("back and forth", [(0, 1), (day, 2), (2 * day, 1), (3 * day, 2), (4 * day, 1)], [LMT, STD, DST], b"STD-1"),
    ("double", [(0, 1), (day, 2), (2 * day, 3), (3 * day, 2), (4 * day, 1)], [LMT, STD, DST, DDT], b""),
    ("only saving", [(0, 1), (day, 2)], [DST, DDT, DST], b""),
    ("saving first", [(0, 0), (day, 1)], [DST, STD], b"STD-1DST,M3.2.0,M11.1.0"),
    ("ends in a fold", [(0, 1), (day, 0)], [STD, DST], b"STD-1"),
]:
    print(label)
    zone = ZoneInfo.from_file(file(text, transitions, kinds, names), key=label)
    print("   ", zone.utcoffset(None), zone.dst(None), zone.tzname(None))
    show(zone, 24 * 7)

for transitions, kinds, text in [([(0, 3)], [LMT], b""), ([], [], b"")]:
    try:
        print(ZoneInfo.from_file(file(text, transitions, kinds, names)))
    except ValueError as error:
        print(error)
