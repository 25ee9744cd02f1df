# A view that is released by the index, the value, the separator or the hash that it asks for.
class Releases:
    def __init__(self, view):
        self.view = view

    def __index__(self):
        self.view.release()
        return 1


def show(use):
    view = memoryview(bytearray(b"abcdefgh"))
    try:
        print(use(view, Releases(view)))
    except Exception as error:
        print(type(error).__name__, error)


show(lambda view, releases: view[releases])
show(lambda view, releases: list(view[: releases]))
show(lambda view, releases: view.__setitem__(releases, 1))
show(lambda view, releases: view.__setitem__(0, releases))
show(lambda view, releases: view.__setitem__(slice(releases), b"x"))


class Owner(bytes):
    def __hash__(self):
        view.release()
        return 1


view = memoryview(Owner(b"abc"))
try:
    hash(view)
except BufferError as error:
    print(error)
