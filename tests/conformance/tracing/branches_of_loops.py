"""Branches and jumps of loops, by line."""
import inspect
import sys

M = sys.monitoring
E = M.events
TOOL = 2


def line_at(code, offset):
    for start, end, line in code.co_lines():
        if start <= offset < end:
            return line and line - code.co_firstlineno


def watch(function, *arguments, events=E.JUMP | E.BRANCH_LEFT | E.BRANCH_RIGHT):
    seen = []

    def recorder(name):
        def record(code, here, there):
            if code is function.__code__:
                seen.append((name, line_at(code, here), line_at(code, there)))
        return record

    M.use_tool_id(TOOL, "test")
    for event, name in ((E.JUMP, "jump"), (E.BRANCH_LEFT, "left"), (E.BRANCH_RIGHT, "right")):
        M.register_callback(TOOL, event, recorder(name))
    M.set_events(TOOL, events)
    function(*arguments)
    M.set_events(TOOL, 0)
    M.free_tool_id(TOOL)
    print(function.__name__, seen)


def branch_at_end():
    for a in range(2):
        if a:
            x = 4
        else:
            x = 6
    7


def plain():
    for a in range(2):
        a += 1
        a += 2
    return a


def goes_on(n):
    for a in range(n):
        if a % 2:
            continue
        a += 1
    else:
        a = 3
    return a


def nested():
    for a in range(2):
        for b in range(2):
            a += b
    return a


def condition_at_end(n):
    for a in range(n):
        if a == 1:
            x = 4
    return a


def while_in_for():
    for a in range(2):
        b = 0
        while b < 2:
            b += 1


def stops():
    for a in range(5):
        if a == 1:
            break
        a += 1


def matches(value):
    for item in value:
        match item:
            case 1:
                x = 1
            case 2:
                x = 2
            case _:
                x = 3


watch(branch_at_end)
watch(plain)
watch(goes_on, 3)
watch(nested)
watch(condition_at_end, 3)
watch(while_in_for)
watch(stops)
watch(matches, [1, 2, 3])
watch(matches, [1, 2, 3], events=E.JUMP)


def choose(text):
    if text.startswith("t"):
        return 1
    else:
        return 0


def move(code, here, there):
    frame = inspect.currentframe()
    while frame.f_code is not code:
        frame = frame.f_back
    print("at", frame.f_lineno - code.co_firstlineno)
    frame.f_lineno += 1


M.use_tool_id(TOOL, "test")
M.set_local_events(TOOL, choose.__code__, E.BRANCH_LEFT)
M.register_callback(TOOL, E.BRANCH_LEFT, move)
print(choose("true"), choose("false"))
M.free_tool_id(TOOL)
