import sys

def f(*, colour, size=1):
    pass
try:
    f(color=1)
except TypeError as error:
    print(error)
class C:
    def __init__(self):
        self.background = 1
def message(action):
    try:
        action()
    except Exception as error:
        import traceback
        print(traceback.format_exception_only(error)[-1].strip())
message(lambda: C().backgroun)
message(lambda: pritn(1))
message(lambda: [].appendd)
message(lambda: __import__("colections"))
