# Hooks are traced only if their __cantrace__ is true.
import sys

traced = []


class Hook:
    def __call__(self, event, args):
        pass


def trace(frame, event, arg):
    if event == "call":
        traced.append(frame.f_code.co_name)
    return None


def plain():
    pass


hook = Hook()
sys.addaudithook(hook)
sys.settrace(trace)
sys.audit("one")
hook.__cantrace__ = False
sys.audit("two")
hook.__cantrace__ = True
sys.audit("three")
plain()
del hook.__cantrace__
sys.audit("four")
plain()
sys.settrace(None)
print(traced)


class Odd:
    def __call__(self, event, args):
        pass

    @property
    def __cantrace__(self):
        if active:
            raise LookupError("no answer")


active = False
sys.addaudithook(Odd())
active = True
try:
    sys.audit("five")
except LookupError as error:
    print(error)
active = False
