match x:
 case a: pass
 case b: pass
# ---
match x:
 case a|b: pass
# ---
match x:
 case a,a: pass
# ---
match x:
 case {1:_,1:_}: pass
# ---
match x:
 case C(a=1,a=2): pass
# ---
match x:
 case [*a,*b]: pass
# ---
match x:
 case A(b)|A(c): pass
# ---
match x:
 case 1+1: pass
# ---
match x:
 case -a: pass
# ---
match x:
 case a.b as c.d: pass
