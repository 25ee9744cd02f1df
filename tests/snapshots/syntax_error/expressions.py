[x:=1 for x in y]
# ---
[1 for x in (y:=z)]
# ---
*a,*b=c
# ---
*a=b
# ---
a,b+=1
# ---
f(a=1,a=2)
# ---
None=1
# ---
f()=1
# ---
(a+b)=1
# ---
x=*a
# ---
print(*a for a in b)
# ---
a if b
# ---
(x for x in y) = 1
# ---
x: int: str
# ---
f(**a,*b)
# ---
f(**a,b)
# ---
f(a=1,b)
# ---
f(x for x in y, 1)
# ---
a := 1
# ---
x + 1 = 2
# ---
print 1
# ---
x = (1,
# ---
x = [1,2
# ---
x = )
# ---
(]
# ---
a b
# ---
a\ b
# ---
€ = 1
# ---
x = $
# ---
lambda *:1
# ---
x = {1:2,3}
# ---
x={1,2:3}
# ---
x={**a for b in c}
# ---
[*a for b in c]
# ---
x = a if b else
# ---
not
# ---
a not b
# ---
True=1
# ---
x.True
# ---
f(True=1)
# ---
(True:=1)
# ---
a.b:=1
# ---
x = lambda a=1,b:2
# ---
a = 1 b = 2
# ---
a, b: int
# ---
(a,b): int
# ---
[a]: int
# ---
a = b: int
