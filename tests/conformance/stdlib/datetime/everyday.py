from datetime import *
d, t = date(2024, 2, 29), datetime(2024, 5, 17, 13, 45, 30, 123456)
print(d, repr(d), t, repr(t), d.isoformat(), t.isoformat("T", "minutes"), d.weekday(), d.isocalendar(), d.timetuple().tm_yday, t.strftime("%A %d %B %Y %H:%M:%S.%f"), d + timedelta(days=366), t - datetime(2024, 1, 1), (d - date(2023, 1, 1)).days, d < date(2025, 1, 1), d.replace(year=2020), date.fromisoformat("2024-12-31"), datetime.fromisoformat("2024-05-17T10:00:00+02:00"), datetime.strptime("17/05/24 08:09", "%d/%m/%y %H:%M"))
delta = timedelta(days=1, hours=25, minutes=61, seconds=-5, milliseconds=1500)
print(delta, repr(delta), delta.total_seconds(), delta * 2, delta / 2, delta // timedelta(hours=1), -delta, abs(-delta), timedelta(hours=1) / timedelta(minutes=7), delta % timedelta(days=1), timedelta.max, str(timedelta(-1)), delta == timedelta(seconds=delta.total_seconds()))
u = datetime(2024, 1, 1, tzinfo=timezone.utc)
print(u, u.astimezone(timezone(timedelta(hours=-5), "EST")), u.timestamp(), datetime.fromtimestamp(0, timezone.utc), u.tzname(), timezone(timedelta(hours=5, minutes=30)), time(12, 30).isoformat(), time(1, 2, 3) < time(4), f"{t:%H:%M}", datetime.combine(d, time(5)), t.date(), t.time(), d.toordinal(), date.fromordinal(738945), datetime.min, date.max, u.utcoffset(), t.replace(fold=1).fold)
for action in (lambda: date(2023, 2, 29), lambda: date(0, 1, 1), lambda: datetime(2024, 1, 1, 25), lambda: d + 1, lambda: d - "x", lambda: t - u, lambda: t < u, lambda: date.fromisoformat("x"), lambda: datetime.strptime("x", "%Y"), lambda: datetime.strptime("2024 y", "%Y"), lambda: d.replace(month=13), lambda: timedelta(days=10 ** 10), lambda: d < t if False else d < 5, lambda: timezone(timedelta(days=2)), lambda: date(2024, 1), lambda: date.max + timedelta(1), lambda: time(24), lambda: date("2024", 1, 1)):
    try:
        print(action())
    except (ValueError, TypeError, OverflowError) as error:
        print(type(error).__name__, error)
