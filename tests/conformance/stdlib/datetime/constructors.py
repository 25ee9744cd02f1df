from datetime import *
import operator as o


def t(f, *a, **k):
    try:
        r = f(*a, **k)
    except BaseException as e:
        print(getattr(f, "__qualname__", f), repr(a)[:80], k, type(e).__name__, e)
    else:
        print(getattr(f, "__qualname__", f), repr(a)[:80], k, repr(r)[:150])


for c in (date,datetime,time,timedelta,timezone):
    print('#args',c.__name__)
    t(c); t(c,1); t(c,1,2); t(c,*[1]*12); t(c,foo=1); t(c,'a','b','c'); t(c,1.5,1,1); t(c,2000,13,1); t(c,2000,2,30); t(c,0,1,1); t(c,10000,1,1); t(c,2**40,1,1); t(c,2**80,1,1); t(c,None); t(c,2000,1,0); t(c,-1,1,1); t(c,1,day=2); t(c,2000,1,year=1)
print('#datetime'); 
tz = timezone.utc
for k in [dict(hour=24),dict(minute=60),dict(second=60),dict(microsecond=10**6),dict(hour=-1),dict(fold=2),dict(fold='a'),dict(tzinfo=1),dict(tzinfo=None),dict(tzinfo=timezone.utc),dict(hour='a'),dict(hour=1.0)]:
    t(datetime,2000,1,2,**k); t(time,**k) if not set(k)&set() else 0
t(time,24); t(time,1,2,3,4,timezone.utc,1); t(time,1,2,3,4,timezone.utc,fold=1); t(datetime,1,2,3,4,5,6,7,timezone.utc,1)
