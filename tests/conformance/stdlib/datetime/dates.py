from datetime import *
import operator as o


def t(f, *a, **k):
    try:
        r = f(*a, **k)
    except BaseException as e:
        print(getattr(f, "__qualname__", f), repr(a)[:80], k, type(e).__name__, e)
    else:
        print(getattr(f, "__qualname__", f), repr(a)[:80], k, repr(r)[:150])


d=date(2020,2,29)
print('#date',d,repr(d),d.toordinal(),d.weekday(),d.isoweekday(),d.isocalendar(),repr(d.isocalendar()),d.ctime(),d.isoformat(),d.timetuple(),d.strftime('%Y %j %a'),format(d),format(d,'%y'),d.replace(year=2021,day=1),d.__reduce__(),date.min,date.max,date.resolution,date.fromordinal(1),date.fromordinal(3652059),date.fromisoformat('2020-02-29'),date.fromisoformat('20200229'),date.fromisoformat('2020-W09-6'),date.fromisoformat('2020W09'),date.fromisocalendar(2020,9,6),hash(d)==hash(date(2020,2,29)),d+timedelta(1),timedelta(1)+d,d-timedelta(1),d-date(2020,1,1),d<date(2021,1,1),d==d,d!=1,date.fromtimestamp(0))
for f,*x in [(date.fromordinal,0),(date.fromordinal,3652060),(date.fromordinal,'x'),(date.fromordinal,2**70),(date.fromisoformat,'x'),(date.fromisoformat,1),(date.fromisoformat,'2020-13-01'),(date.fromisoformat,'2020-02-30'),(date.fromisoformat,'2020-1-1'),(date.fromisoformat,'2020-W54-1'),(date.fromisoformat,'2020-W01-8'),(date.fromisocalendar,2020,54,1),(date.fromisocalendar,2020,1,8),(date.fromisocalendar,0,1,1),(date.fromisocalendar,'a',1,1),(date.fromisocalendar,2020,1),(date.fromtimestamp,1e20),(date.fromtimestamp,'x'),(date.fromtimestamp,None),(date.today,1),(d.replace,0),(d.replace,'x'),(d.replace,1,2,3,4),(d.strftime,1),(d.strftime,),(d.__format__,1),(o.add,d,1),(o.sub,d,1),(o.add,d,d),(o.lt,d,1),(o.lt,d,datetime(2020,1,1)),(o.add,d,timedelta.max),(o.sub,date.min,timedelta(1)),(date,b'abc'),(date,b'\x07\xe4\x02\x1d'),(date,b'\x07\xe4\x0d\x1d'),(date,'abcd'),(date.strptime,'2020-01-02','%Y-%m-%d'),(date.strptime,'x','%Y'),(o.eq,d,datetime(2020,2,29)),(d.__radd__,1),(d.__sub__,'x'),(d.__add__,'x')]: t(f,*x)
t(setattr,d,'year',1)
ic=d.isocalendar(); print(type(ic),ic.year,ic.week,ic.weekday,ic==(2020,9,6),tuple(ic),ic[0],ic.__reduce__()); t(type(ic)); t(type(ic),1,2,3)
