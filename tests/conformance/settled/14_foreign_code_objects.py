# Code that did not come straight from the compiler is checked, then runs.
import marshal
import types

def greet(name, punctuation="!"):
    greeting = "hello "
    return greeting + name + punctuation

code = marshal.loads(marshal.dumps(greet.__code__))
print(type(code).__name__, code == greet.__code__)
copy = types.FunctionType(code, {}, "copy", ("?",))
print(copy("you"), copy.__name__)

consts = tuple("good bye " if c == "hello " else c for c in code.co_consts)
changed = code.replace(co_consts=consts, co_name="parting", co_qualname="parting", co_firstlineno=99)
parting = types.FunctionType(changed, {}, None, ("...",))
print(parting("all"), parting.__name__, changed.co_firstlineno, changed == code)
print(code.co_varnames, code.co_argcount, code.co_nlocals, code.co_name, code.co_freevars)
try:
    marshal.loads(b"\x00")
except (ValueError, EOFError, TypeError) as error:
    print(type(error).__name__, error)
module = compile("x = 1\ndef f():\n  return x + 1\n", "<made>", "exec")
space = {}
exec(marshal.loads(marshal.dumps(module)), space)
print(space["f"](), space["f"].__code__.co_filename)
