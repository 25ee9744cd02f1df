# Callbacks of atexit that register and unregister others, and functions whose comparison does.
import atexit


def late(*args):
    print("late", args)


def registers():
    print("registers", atexit._ncallbacks())
    atexit.register(late, 1)
    atexit.unregister(never)
    print(atexit._ncallbacks())


def never():
    print("still runs: the callbacks of this run were taken before")


atexit.register(never)
atexit.register(registers)
atexit._run_exitfuncs()
print(atexit._ncallbacks(), "left: what a run registers is forgotten")


class Same:
    def __init__(self, name, action=None):
        self.name, self.action = name, action

    def __eq__(self, other):
        print("compare", self.name, other.name)
        if self.action:
            self.action()
        return True

    def __call__(self):
        print("call", self.name)


atexit.register(Same("first"))
atexit.register(Same("second"))
atexit.unregister(Same("third"))
print(atexit._ncallbacks(), "left: all were equal")

atexit.register(Same("first"))
atexit.unregister(Same("clears", atexit._clear))
print(atexit._ncallbacks(), "left")

for call in (lambda: atexit.register(), lambda: atexit.register(1), lambda: atexit.unregister()):
    try:
        call()
    except TypeError as error:
        print(error)


@atexit.register
def decorated():
    print("decorated, the first registered is the last to run")


atexit.register(late, 1, 2)
