# What holds after the last transition of a file: TZ strings, good and bad.
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from _files import file

texts = """
PST PST8PDT PST25 PST8PD,M1 AA3 A3 <>3 <AA3 AAA3BBB,J60 AAA3BBB,J60,J0 AAA3BBB,0,J61, AAA3BBB,0,J366 AAA3BBB,M13.1.1,J3
AAA3BBB,M1.1.1/168,J3 AAA3BBB,M1.1.1/-167:59:59,J3 AAA3BBB,M1.1.1/2:5,J3 AAA24:59:59 AAA3:99 AAA3BBB4:30,J1,J2 AAA3B3,J1,J2
AAA+3 AAA-+3 AAA3BBB,J1/,J2 AAA3BBB,J1,J2/4 AAA1234 UTC0 <+0330>-3:30 <A_A>3 AAA3BBB;J1,J2 AAA3BBB3,M1.6.1,J2 AAA3BBB3,M1.1.7,J2
"""
for text in [*texts.encode().split(), b"", b"\xff3", b"AAA3BBB,J1 ,J2"]:
    try:
        zone = ZoneInfo.from_file(file(text), key="x")
        print(text, zone.utcoffset(datetime(2020, 1, 3)), zone.tzname(datetime(2020, 7, 1)), zone.tzname(None))
    except ValueError as error:
        print(text, error)

for text in [
    b"AAA0BBB,0/0,J365/25",
    b"AAA0BBB,59,J60",
    b"AAA0BBB,60,J59",
    b"AAA3BBB,J100,200",
    b"AAA-3BBB-1,M10.5.0/3,M3.5.0",
    b"EST5EDT,M3.2.0,M11.1.0",
    b"<-03>3<-02>,M3.5.0/-2,M10.5.0/-1",
]:
    print(text)
    zone = ZoneInfo.from_file(file(text))
    last = None
    for year in 2019, 2020:
        time = datetime(year, 1, 1)
        while time.year == year:
            shown = [str(zone.utcoffset(time)), str(zone.dst(time)), zone.tzname(time), zone.tzname(time.replace(fold=1))]
            local = zone.fromutc(time.replace(tzinfo=zone))
            shown += [local.fold, (local.replace(tzinfo=None) - time) // timedelta(minutes=1)]
            if shown != last:
                print("   ", time, *shown)
                last = shown
            time += timedelta(minutes=30)
