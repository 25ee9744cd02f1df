class NoExit:
    def __enter__(self): pass
class NoEnter:
    def __exit__(self, *a): pass
class FailEnter:
    def __enter__(self): raise ValueError("enter fails")
    def __exit__(self, *a): print("not called")
class FailExit:
    def __enter__(self): return self
    def __exit__(self, *a): raise KeyError("exit fails")
class Async:
    async def __aenter__(self): pass
    async def __aexit__(self, *a): pass
for C in (NoExit, NoEnter, FailEnter, FailExit, int, Async):
    try:
        with C():
            print("body")
    except Exception as error:
        print(type(error).__name__, error)
try:
    with FailExit():
        raise OSError("body fails")
except KeyError as error:
    print(error, repr(error.__context__))
n = NoExit()
n.__exit__ = lambda *a: None
try:
    with n:
        pass
except TypeError as error:
    print(error)
