def f(a, b):
    x = a.b.c
    return a[b] + (a +
                   b)
positions = [p for p in f.__code__.co_positions() if p[0] and p[0] > 1]
lines = sorted({p[0] for p in positions})
print(lines, all(len(p) == 4 for p in positions), max(p[3] for p in positions if p[3] is not None))
print(sorted({line for _, _, line in f.__code__.co_lines() if line is not None}), f.__code__.co_firstlineno)
import sys
def where():
    frame = sys._getframe()
    return frame.f_lineno, frame.f_code.co_name, frame.f_back.f_code.co_name, frame.f_back.f_lineno
print(where())
