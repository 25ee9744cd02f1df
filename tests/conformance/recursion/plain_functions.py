def f(n): return f(n + 1)
def a(n): return b(n)
def b(n): return a(n)
for g in (f, a):
    try:
        g(0)
    except RecursionError as error:
        print(error)
def depth(n): return 0 if n == 0 else 1 + depth(n - 1)
print(depth(900))
import sys
print(sys.getrecursionlimit())
sys.setrecursionlimit(5000)
print(depth(4500))
sys.setrecursionlimit(100)
try:
    depth(200)
except RecursionError as error:
    print(error)
for bad in (0, -1, "x", 1):
    try:
        sys.setrecursionlimit(bad)
    except (ValueError, TypeError, RecursionError) as error:
        print(type(error).__name__, error)
sys.setrecursionlimit(1000)
def survives():
    try:
        return survives()
    except RecursionError:
        return "handled deep inside"
print(survives())
