# tracemalloc tells on which lines objects were made, as deep as was asked for.
import os
import tracemalloc


def name(traceback):
    return [(os.path.basename(frame.filename), frame.lineno) for frame in traceback]


def make_bytes(size):
    return b"x" * size


def make(kind):
    if kind == "set":
        return {kind}
    if kind == "str":
        return kind + "!" * 100
    if kind == "instance":
        return Thing()
    if kind == "bytearray":
        return bytearray(
            100
        )
    if kind == "bytes":
        return bytes(kind * 100, "ascii")


class Thing:
    pass


before = [1]
for frames in 1, 3:
    tracemalloc.start(frames)
    print(tracemalloc.is_tracing(), tracemalloc.get_traceback_limit())
    for kind in "set str instance bytearray bytes".split():
        print(kind, name(tracemalloc.get_object_traceback(make(kind))))
    thing = make_bytes(1000)
    traceback = tracemalloc.get_object_traceback(thing)
    print(name(traceback), traceback.total_nframe)
    print(tracemalloc.get_object_traceback(before), tracemalloc.get_object_traceback(None))
    tracemalloc.stop()
    print(tracemalloc.is_tracing(), tracemalloc.get_object_traceback(thing))

tracemalloc.start(5)
tracemalloc.start(10)
print(tracemalloc.get_traceback_limit())
tracemalloc.clear_traces()
kept = make("set")
tracemalloc.clear_traces()
print(tracemalloc.get_object_traceback(kept))
kept = make("set")
print(len(tracemalloc.get_object_traceback(kept)))
print(tracemalloc.get_object_traceback(kept).format())


def generator():
    yield {1}


print(name(tracemalloc.get_object_traceback(next(generator()))))
for wrong in 0, -1, 65536, "x", 1.5, 2**40:
    try:
        tracemalloc.start(wrong)
    except (ValueError, TypeError, OverflowError) as error:
        print(type(error).__name__, error)
