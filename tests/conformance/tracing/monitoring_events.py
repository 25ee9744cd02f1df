# sys.monitoring: every kind of event, DISABLE and restart_events, errors.
import sys
m = sys.monitoring
E = m.events
log = []
def note(name):
    def callback(code, *args):
        if code.co_filename == __file__:
            shown = [a if isinstance(a, (int, str, type(None))) and name in ("LINE", "PY_RETURN", "PY_YIELD")
                     else getattr(a, "__name__", type(a).__name__) for a in args]
            if name == "LINE":
                shown = [args[0] - code.co_firstlineno]
            elif name != "LINE":
                shown = shown[1:]
            log.append((code.co_name, name, *shown))
    return callback

def helper(n):
    if n > 1:
        raise ValueError(n)
    return n

def gen():
    yield 1
    yield 2

def work():
    total = len([1, 2])
    for x in gen():
        total += x
    try:
        helper(5)
    except ValueError:
        total = helper(1)
    return total

m.use_tool_id(3, "test")
for name in ("PY_START", "PY_RESUME", "PY_RETURN", "PY_YIELD", "CALL", "LINE", "RAISE", "EXCEPTION_HANDLED", "PY_UNWIND",
             "C_RETURN", "C_RAISE", "PY_THROW"):
    m.register_callback(3, getattr(E, name), note(name))
m.set_events(3, E.PY_START | E.PY_RESUME | E.PY_RETURN | E.PY_YIELD | E.CALL | E.LINE | E.RAISE | E.EXCEPTION_HANDLED
             | E.PY_UNWIND | E.PY_THROW)
work()
m.set_events(3, 0)
for entry in log:
    print(entry)

log.clear()
def once(code, line):
    log.append(line - code.co_firstlineno)
    return m.DISABLE
m.register_callback(3, E.LINE, once)
m.set_local_events(3, work.__code__, E.LINE)
work()
first = list(log)
work()
print(first == log, first)
m.restart_events()
work()
print(len(log) == 2 * len(first))
m.set_local_events(3, work.__code__, 0)

def attempt(f, *args):
    try:
        print(f.__name__, f(*args))
    except Exception as error:
        print(f.__name__, type(error).__name__, error)
attempt(m.use_tool_id, 7, "x")
attempt(m.use_tool_id, 3, "x")
attempt(m.set_events, 2, 1)
attempt(m.set_events, 3, -1)
attempt(m.set_events, 3, E.C_RETURN)
attempt(m.set_local_events, 3, work.__code__, E.RAISE)
attempt(m.set_local_events, 3, 5, 1)
attempt(m.register_callback, 3, 3, print)
attempt(m.register_callback, 3, 1 << 20, print)
attempt(m.get_events, 3)
attempt(m.get_local_events, 3, work.__code__)
m.set_events(3, E.BRANCH)
attempt(m.get_events, 3)
print(m._all_events())
m.set_events(3, 0)
m.register_callback(3, E.RAISE, lambda *args: m.DISABLE)
m.set_events(3, E.RAISE)
try:
    1 / 0
except ValueError as error:
    print(error)
m.free_tool_id(3)
print(m.get_tool(3), m.events)
