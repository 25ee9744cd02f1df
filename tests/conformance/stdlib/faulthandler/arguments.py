# What the functions take for a file, a time and a signal.
import faulthandler
import io
import sys
import warnings


def attempt(function, *args, **kwargs):
    try:
        print(function.__name__, function(*args, **kwargs))
    except Exception as error:
        print(function.__name__, type(error).__name__, error)


class File:
    def __init__(self, descriptor):
        self.descriptor = descriptor

    def fileno(self):
        print("fileno", self.descriptor)
        return self.descriptor

    def flush(self):
        print("flush")
        raise ValueError("ignored")


stderr = sys.stderr
rows = [
    (faulthandler.enable,),
    (faulthandler.dump_traceback,),
    (faulthandler.dump_c_stack,),
    (faulthandler.register, 10),
]
for function, *args in rows:
    for file in -1, 2**40, 1.5, "x", File(-1), File("x"), File(2**40), io.StringIO():
        attempt(function, *args, file)
    attempt(function, *args, bad=1)
    attempt(function, *args, 2, 3, 4, 5, 6)
    sys.stderr = None
    attempt(function, *args)
    attempt(function, *args, None)
    del sys.stderr
    attempt(function, *args)
    sys.stderr = stderr

attempt(faulthandler.enable, File(1))
attempt(faulthandler.enable, 2, [], c_stack=[])
print(faulthandler.is_enabled(), faulthandler.disable(), faulthandler.is_enabled(), faulthandler.disable())
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    attempt(faulthandler.enable, True)
    print([str(warning.message) for warning in caught])
faulthandler.disable()

for timeout in -1, 0, -0.5, 0.0, float("nan"), float("inf"), 1e20, 10**10, "1", None:
    attempt(faulthandler.dump_traceback_later, timeout)
attempt(faulthandler.dump_traceback_later, 100, file=-1)
attempt(faulthandler.dump_traceback_later, 100, None)
attempt(faulthandler.dump_traceback_later)
attempt(faulthandler.register, "x")
attempt(faulthandler.register)
for function in faulthandler.disable, faulthandler.is_enabled, faulthandler.cancel_dump_traceback_later:
    attempt(function, 1)
