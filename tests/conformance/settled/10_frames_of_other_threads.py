# sys._current_frames shows where another thread stands, with its locals.
import sys
import threading

entered, leave = threading.Event(), threading.Event()

def inner(secret):
    marker = "in inner"
    entered.set()
    leave.wait()
    return marker

def outer():
    return inner(42)

thread = threading.Thread(target=outer)
thread.start()
entered.wait()
frame = sys._current_frames()[thread.ident]
names = []
local = None
while frame is not None:
    names.append(frame.f_code.co_name)
    if frame.f_code.co_name == "inner":
        local = dict(frame.f_locals)
    frame = frame.f_back
print("inner" in names and names.index("inner") + 1 == names.index("outer"))
print(local)
print(threading.get_ident() in sys._current_frames())
leave.set()
thread.join()
print(thread.ident in sys._current_frames())

busy = True
def spin():
    n = 0
    while busy:
        n += 1
spinner = threading.Thread(target=spin)
spinner.start()
for _ in range(200):
    f = sys._current_frames().get(spinner.ident)
    assert f is None or f.f_lineno > 0
busy = False
spinner.join()
print("read 200 times while it ran")
