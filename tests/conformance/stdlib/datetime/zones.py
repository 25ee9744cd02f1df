from datetime import *
import operator as o


def t(f, *a, **k):
    try:
        r = f(*a, **k)
    except BaseException as e:
        print(getattr(f, "__qualname__", f), repr(a)[:80], k, type(e).__name__, e)
    else:
        print(getattr(f, "__qualname__", f), repr(a)[:80], k, repr(r)[:150])


d=date(2020,2,29); tt=time(1,2,3,4); tz=timezone(timedelta(hours=2),'X'); dt=datetime(2020,2,29,1,2,3,4); a=timedelta(1,2,3); import datetime as D
print('#tz',timezone.utc,repr(timezone.utc),repr(tz),tz,timezone(timedelta(hours=-5,minutes=-30)),repr(timezone(timedelta(seconds=1))),str(timezone(timedelta(seconds=1))),str(timezone(timedelta(microseconds=-1))),timezone.min,timezone.max,tz.utcoffset(None),tz.tzname(None),tz.dst(None),tz.fromutc(datetime(2020,1,1,tzinfo=tz)),tz==timezone(timedelta(hours=2)),hash(tz)==hash(timezone(timedelta(hours=2))),timezone(timedelta(0)) is timezone.utc,D.UTC is timezone.utc,tz.__getinitargs__(),tz.__reduce__(),D.MINYEAR,D.MAXYEAR)
for f,*x in [(timezone,),(timezone,1),(timezone,timedelta(hours=24)),(timezone,timedelta(hours=-24)),(timezone,timedelta(0),1),(timezone,timedelta(0),None),(tz.utcoffset,1),(tz.tzname,1),(tz.dst,1),(tz.fromutc,1),(tz.fromutc,dt),(tzinfo().utcoffset,None),(tzinfo().dst,None),(tzinfo().tzname,None),(tzinfo().fromutc,dt),(tzinfo().fromutc,1),(tzinfo().__reduce__,),(timezone,timedelta(0),'a','b'),(timezone,'x')]: t(f,*x)
class T(tzinfo):
    def __repr__(s): return "T()"
    def __init__(s,v): s.v=v
    def utcoffset(s,d): return s.v
    def dst(s,d): return s.v
    def tzname(s,d): return s.v
for v in [1,'x',timedelta(hours=24),timedelta(hours=1),None]:
    x=datetime(2020,1,1,tzinfo=T(v)); t(x.utcoffset); t(x.dst); t(x.tzname); t(x.isoformat); t(x.strftime,'%z%Z'); t(x.timestamp); t(lambda: x==datetime(2020,1,1,tzinfo=timezone.utc)); t(lambda:hash(x)==hash(x)); t(x.astimezone,timezone.utc); t(x.tzinfo.fromutc,x)
    y=time(1,tzinfo=T(v)); t(y.utcoffset); t(y.dst); t(y.tzname); t(y.isoformat); t(lambda:hash(y)==hash(y))
class S(date): pass
class SD(datetime): pass
class ST(timedelta): pass
print(repr(S(2020,1,1)),type(S(2020,1,1)+timedelta(1)),type(S.today()),type(S(2020,1,1).replace(year=1)),type(SD(2020,1,1)+timedelta(1)),type(SD.now()),type(SD.combine(d,tt)),type(SD(2020,1,1).date()),type(ST(1)+ST(1)),type(-ST(1)),repr(SD(2020,1,1)),SD.fromisoformat('2020-01-01'),type(SD(2020,1,1,tzinfo=tz).astimezone(timezone.utc)),type(SD(2020,1,1)-timedelta(1)),repr(ST(1)))
import pickle,copy
for x in [a,d,tt,dt,tz,timezone.utc,dt.replace(tzinfo=tz),tt.replace(tzinfo=tz),dt.replace(fold=1),S(2020,1,1),d.isocalendar()]:
    for p in range(6): assert pickle.loads(pickle.dumps(x,p))==x
    assert copy.deepcopy(x)==x and copy.copy(x)==x
print(copy.replace(d,year=4),copy.replace(tt,hour=2),copy.replace(dt,day=3))

