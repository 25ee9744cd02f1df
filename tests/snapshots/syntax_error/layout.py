def f():
 try:
  pass
 except* A:
  return
# ---
for x in y:
 try:
  pass
 except* A:
  break
# ---
  x
# ---
if a:
x
# ---
def f():
x
# ---
class C:
x
# ---
for x in y:
z
# ---
while a:
z
# ---
try:
x
# ---
with a:
z
# ---
if a:
  x
 y
# ---
try:
 pass
# ---
if a:
	x
        y
