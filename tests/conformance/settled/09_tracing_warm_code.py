# Tracing sees code that has been warm for long, and leaves no trace behind.
import sys

def add(a, b):
    total = a + b
    return total

def loop(n):
    s = 0
    for i in range(n):
        s = add(s, i)
    return s

print(loop(3000))
events = []

def tracer(frame, event, arg):
    if frame.f_code.co_name in ("add", "loop"):
        line = frame.f_lineno - frame.f_code.co_firstlineno
        events.append((frame.f_code.co_name, event, line, arg if event == "return" else None))
        return tracer

sys.settrace(tracer)
loop(2)
sys.settrace(None)
for event in events:
    print(event)
count = len(events)
print(loop(3000), len(events) == count)

calls = []
def profiler(frame, event, arg):
    if event in ("call", "return") and frame.f_code.co_name == "add":
        calls.append(event)
sys.setprofile(profiler)
loop(2)
sys.setprofile(None)
print(calls)
