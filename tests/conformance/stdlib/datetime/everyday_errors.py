from datetime import *
d, t = date(2024, 2, 29), datetime(2024, 5, 17, 13, 45, 30, 123456)
delta = timedelta(days=1, hours=25, minutes=61, seconds=-5, milliseconds=1500)
u = datetime(2024, 1, 1, tzinfo=timezone.utc)
for action in (
    lambda: date(2023, 2, 29), lambda: date(0, 1, 1), lambda: datetime(2024, 1, 1, 25), lambda: d + 1,
    lambda: d - "x", lambda: t - u, lambda: t < u, lambda: date.fromisoformat("x"),
    lambda: datetime.strptime("x", "%Y"), lambda: datetime.strptime("2024 y", "%Y"),
    lambda: d.replace(month=13), lambda: timedelta(days=10 ** 10), lambda: d < t if False else d < 5,
    lambda: timezone(timedelta(days=2)), lambda: date(2024, 1), lambda: date.max + timedelta(1),
    lambda: time(24), lambda: date("2024", 1, 1),
):
    try:
        print(action())
    except (ValueError, TypeError, OverflowError) as error:
        print(type(error).__name__, error)
