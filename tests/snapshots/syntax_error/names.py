def f(a,a): pass
# ---
def f():
  x=1
  global x
# ---
def f():
  print(x)
  global x
# ---
def f(a):
  global a
# ---
def f(a):
  nonlocal a
# ---
nonlocal x
# ---
def f():
  nonlocal x
# ---
def f():
  x:int
  global x
# ---
def f[T,T](): pass
# ---
def f():
  from a import *
# ---
[(yield) for x in y]
# ---
def f():
  return [(yield) for x in y]
# ---
def f():
  return ((yield) for x in y)
# ---
x:(yield)
# ---
def f():
  x:(await y)
# ---
def f[T:(yield)]():pass
# ---
type A=(yield)
# ---
class C[T]((yield)):pass
# ---
def f[T]():
  nonlocal T
# ---
def f():
  x=1
  def g():
    nonlocal x
    global x
# ---
return 1
# ---
yield 1
# ---
await x
# ---
async def f():
  yield from x
# ---
async def f():
  yield 1
  return 2
# ---
break
# ---
continue
# ---
def f():
  [await x for y in z]
# ---
def f():
  async for x in y: pass
# ---
def f():
  async with x: pass
# ---
async with x: pass
# ---
[await x for y in z]
# ---
from __future__ import nope
# ---
x=1
from __future__ import annotations
# ---
from __future__ import braces
# ---
__debug__=1
# ---
def f(__debug__):pass
# ---
f(__debug__=1)
# ---
a.__debug__=1
# ---
del __debug__
# ---
import __debug__
# ---
class C:
  __slots__=1
  def f(self):
    nonlocal q
# ---
def f():
  global x
  x:int=1
# ---
x = yield = 1
# ---
def f():
  return [x async for x in y]
# ---
class C:
  yield 1
# ---
class C:
  return
# ---
class C:
  await x
# ---
import a.b as c.d
# ---
def f():
  class C:
    nonlocal x
# ---
import
# ---
from a import
# ---
from a import (b,
# ---
from . import *,a
# ---
async x
# ---
await
# ---
import a as True
# ---
while x:
  def f():
    break
