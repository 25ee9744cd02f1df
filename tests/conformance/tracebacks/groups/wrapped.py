"""A group that an exception is put into for `except*` comes from that clause."""
import traceback
def a():
    try: raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError as e:
        raise
def b():
    try: raise ValueError(1)
    except* ValueError as e:
        raise e
def c():
    try: raise ValueError(1)
    except* ValueError as e:
        raise KeyError(2)
def d():
    try: raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError as e:
        pass
def f():
    try: raise ValueError(1)
    except* ValueError:
        raise
def g():
    try: raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError as e:
        raise
    except* TypeError:
        raise
for h in (a,b,c,d,f,g):
    try: h()
    except BaseException as e: print(h.__name__, ''.join(traceback.format_exception(e)))
