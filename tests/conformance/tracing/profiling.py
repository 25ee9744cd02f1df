# sys.setprofile sees Python and native calls, with their returns and exceptions.
import sys
def helper2(a, b, z=None): return a
pe=[]
def pf(f,e,a):
    if f.f_code.co_filename!=__file__: return
    pe.append((f.f_code.co_name,e,getattr(a,'__name__',a) if e.startswith('c_') else None))
def prof():
    len([]); [].append(1); "a".upper(); helper2(1,2); sorted([2,1],key=lambda x:x); int("5"); isinstance(1,int)
    try: int.from_bytes()
    except TypeError: pass
    try: len(5)
    except TypeError: pass
sys.setprofile(pf); prof(); sys.setprofile(None)
for x in pe: print(x)
