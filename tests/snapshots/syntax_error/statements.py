class C:
  [y:=1 for x in z]
# ---
def f(x:(y:=1)):pass
# ---
del *a
# ---
try:
 pass
except:
 pass
except A:
 pass
# ---
def f(a=1,b):pass
# ---
with open(x) as f():pass
# ---
for f() in x:pass
# ---
if x = 1: pass
# ---
else: pass
# ---
def f(
# ---
def f(a b):pass
# ---
def f(*):pass
# ---
def f(**k,a):pass
# ---
def f(*,**k):pass
# ---
def f(a,/,b,/):pass
# ---
def f(/,a):pass
# ---
class C(:pass
# ---
raise a from
# ---
assert
# ---
del
# ---
del f()
# ---
del (a,b+1)
# ---
try:
 x
finally
# ---
def True():pass
# ---
class None:pass
# ---
for True in x:pass
# ---
with a as True:pass
# ---
@a
x
