"""Where a debugger stops that is started in the middle of a function."""
import io
import os
import pdb
import re
import sys


def inner(x):
    y = x + 1
    return y


def outer():
    debugger.set_trace()
    total = 0
    for i in range(2):
        total += inner(i)
    return total


def with_cells(n):
    k = n
    return lambda: k


def debug(*commands, backend="settrace"):
    global debugger
    output = io.StringIO()
    debugger = pdb.Pdb(stdin=io.StringIO("\n".join(commands) + "\n"), stdout=output, nosigint=True, readrc=False,
                       backend=backend)
    debugger.use_rawinput = False
    debugger.prompt = "\n"
    try:
        print(outer())
    except pdb.bdb.BdbQuit:
        print("quit")
    sys.settrace(None)
    for line in output.getvalue().splitlines():
        line = re.sub(r"\S*[/\\](\w+\.py)", r"\1", line)
        if line.strip():
            print("   ", line)


debug("step", "step", "step", "step", "where 1", "args", "return", "continue")
debug("next", "next", "p total", "until", "continue")
debug("break inner", "break with_cells", "continue", "p x", "clear 1", "continue")
debug("quit")
debug("step", "step", "step", "step", "where 1", "args", "return", "continue", backend="monitoring")
debug("break inner", "continue", "p x", "clear 1", "continue", backend="monitoring")

seen = []


def turn_on():
    frame = sys._getframe(1)
    frame.f_trace = trace
    frame.f_trace_opcodes = True
    sys.settrace(trace)


def trace(frame, event, argument):
    if event in ("opcode", "line"):
        seen.append((event, frame.f_lineno - frame.f_code.co_firstlineno))
    return trace


def watched():
    x = 1
    turn_on()
    sys.settrace(None)


watched()
print(seen[0])
