import sys
import traceback

def f(x):
    return g(x)

def g(x):
    local = x * 2
    return 1 / (local - local)

try:
    f(5)
except ZeroDivisionError as error:
    print(traceback.format_exc())
    print("".join(traceback.format_exception(error, limit=1)))
    print(traceback.format_exception_only(error))
    tb = error.__traceback__
    names = []
    while tb:
        names.append((tb.tb_frame.f_code.co_name, tb.tb_lineno, sorted(tb.tb_frame.f_locals)[:1] if tb.tb_frame.f_code.co_name != "<module>" else None))
        tb = tb.tb_next
    print(names)
    for entry in traceback.extract_tb(error.__traceback__):
        print(entry.name, entry.lineno, entry.line, entry.colno, entry.end_colno)
    te = traceback.TracebackException.from_exception(error, capture_locals=True)
    print("".join(te.format()).count("local = 10"))
def show_stack():
    return [e.name for e in traceback.extract_stack()]
print(show_stack())
