"""The interpreter from the inside: compile, dis, frames. What is printed is the same on every implementation."""

import dis
import io
import sys

SOURCE = """\
def area(width, height=2):
    size = width * height
    return size

result = area(21)
"""

# 1. Text becomes code.
code = compile(SOURCE, "area.py", "exec")
print("module code:", code.co_name, "from", code.co_filename, "names", code.co_names)
function_code = next(c for c in code.co_consts if hasattr(c, "co_code"))
print("function code:", function_code.co_name, "line", function_code.co_firstlineno,
      "arguments", function_code.co_varnames[:function_code.co_argcount], "locals", function_code.co_nlocals)

# 2. Code runs in a namespace.
namespace = {}
exec(code, namespace)
print("result:", namespace["result"])
print("an expression:", eval(compile("area(5, 5) + 1", "<expression>", "eval"), namespace))

# 3. dis shows the instructions.
listing = io.StringIO()
dis.dis(namespace["area"], file=listing)
lines = [line for line in listing.getvalue().splitlines() if line.strip()]
print("dis prints instructions:", len(lines) > 1)
instructions = list(dis.get_instructions(namespace["area"]))
print("each has a name and an offset:", all(i.opname and i.offset >= 0 for i in instructions))
print("offsets grow:", [i.offset for i in instructions] == sorted(i.offset for i in instructions))
print("lines of the code:", sorted({line for _, _, line in function_code.co_lines() if line}))


# 4. Each call has a frame.
def inner():
    frame = sys._getframe()
    names = []
    while frame is not None:
        names.append((frame.f_code.co_name, frame.f_lineno))
        frame = frame.f_back
    return names


def outer():
    secret = "local of outer"
    caller = sys._getframe()
    print("frame of", caller.f_code.co_name, "with locals", sorted(caller.f_locals))
    return inner()


for name, line in outer():
    print(f"  {name} at line {line}")


# 5. A paused generator keeps its frame.
def counter():
    n = 0
    while True:
        n += 1
        yield n


gen = counter()
next(gen), next(gen), next(gen)
print("the generator's frame:", gen.gi_frame.f_code.co_name, gen.gi_frame.f_locals)

# 6. A traceback is a chain of frames.
try:
    exec(compile("def f():\n    return 1 / 0\nf()\n", "broken.py", "exec"), {})
except ZeroDivisionError as error:
    tb = error.__traceback__.tb_next
    while tb:
        print("traceback:", tb.tb_frame.f_code.co_filename, tb.tb_frame.f_code.co_name, "line", tb.tb_lineno)
        tb = tb.tb_next

# 7. A function is code, globals, defaults and cells; it can be built from its parts.
import types

made = compile("def f(x): return x * k", "made.py", "exec")
parts = next(c for c in made.co_consts if hasattr(c, "co_code"))
twice = types.FunctionType(parts, {"k": 2}, "twice")
print("a function from its parts:", twice.__name__, twice(21), twice.__code__.co_filename)
