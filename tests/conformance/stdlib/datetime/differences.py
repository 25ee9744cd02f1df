from datetime import *
import operator as o


def t(f, *a, **k):
    try:
        r = f(*a, **k)
    except BaseException as e:
        print(getattr(f, "__qualname__", f), repr(a)[:80], k, type(e).__name__, e)
    else:
        print(getattr(f, "__qualname__", f), repr(a)[:80], k, repr(r)[:150])


print('#td')
for a,k in [((1,2,3),{}),((),dict(weeks=1,days=1.5,hours=2.25)),((10**9,),{}),((-10**9,),{}),((1e400,),{}),((float('nan'),),{}),(('a',),{}),((None,),{}),((),dict(days=1e9)),((0,0,0.5),{}),((0,0,1.5),{}),((0,0,2.5),{}),((),dict(milliseconds=0.0005)),((0.1,0.2,0.3),{}),((10**20,),{}),((0,10**30),{}),((1,1,1,1,1,1,1,1),{}),((True,),{}),((),dict(seconds=-1)),((1j,),{}),((),dict(microseconds='a')),((),dict(hours=None)),((999999999,86399,999999),{}),((999999999,86400),{}),((-999999999,-1),{}),((),dict(days=1,minutes=1.1,hours=-2.3))]: t(timedelta,*a,**k)
a=timedelta(1,2,3); b=timedelta(0,5,6); 
print(a,b,-a,+a,abs(-a),a+b,a-b,a*2,2*a,a*1.5,a/2,a/1.5,a//2,a/b,a//b,a%b,divmod(a,b),a==b,a<b,bool(a),bool(timedelta()),hash(a)==hash(timedelta(1,2,3)),repr(a),repr(timedelta()),repr(-b),str(timedelta(-1)),str(timedelta(2,0,1)),a.total_seconds(),timedelta.min,timedelta.max,timedelta.resolution)
for f,x,y in [(o.add,a,1),(o.sub,a,1),(o.sub,1,a),(o.mul,a,'x'),(o.mul,a,a),(o.truediv,a,0),(o.floordiv,a,0),(o.mod,a,timedelta()),(o.floordiv,a,timedelta()),(o.truediv,a,timedelta()),(o.truediv,a,'x'),(o.truediv,1,a),(o.mod,a,1),(divmod,a,1),(o.lt,a,1),(o.eq,a,1),(o.add,timedelta.max,b),(o.mul,timedelta.max,2),(o.neg,timedelta.min,None),(o.truediv,a,1e-300),(o.mul,a,float('nan')),(o.mul,a,float('inf')),(o.floordiv,a,1.5),(o.truediv,a,0.0),(o.add,timedelta.min,-b),(o.mul,a,10**30),(o.truediv,a,float('nan'))]:
    t(lambda: f(x) if y is None else f(x,y))
t(setattr,a,'days',1); print(a.days,a.seconds,a.microseconds,a.__reduce__(),a.__getstate__() if hasattr(a,'__getstate__') else None)
