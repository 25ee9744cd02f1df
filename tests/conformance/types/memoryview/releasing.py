"""Classes that hear of the release of their buffers (PEP 688)."""
import array
import io
import sys

for value in (b"", bytearray(b"abc"), memoryview(b""), array.array("b"), io.BytesIO().getbuffer()):
    print(type(value).__name__, hasattr(value, "__release_buffer__"))

data = bytearray(b"hello")
view = data.__buffer__(0)
for given in (view, view, memoryview(b"x"), 5):
    try:
        print(data.__release_buffer__(given))
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
data.clear()


class Told(bytearray):
    def __release_buffer__(self, buffer):
        print("released", buffer.tobytes())
        self.kept = buffer
        for attempt in (memoryview, lambda b: b.cast("b"), lambda b: b.toreadonly(), lambda b: b[:1], lambda b: b.__buffer__(0)):
            try:
                attempt(buffer)
            except ValueError as e:
                print(e)
        print(buffer[0], len(buffer))
        super().__release_buffer__(buffer)


told = Told(b"hello")
with memoryview(told) as view:
    print(view.tobytes())
told.clear()
try:
    told.kept.tobytes()
except ValueError as e:
    print(e)


class Gives:
    def __init__(self):
        self.data = bytearray(b"data")

    def __buffer__(self, flags):
        return memoryview(self.data)

    def __release_buffer__(self, buffer):
        self.kept = buffer


gives = Gives()
with memoryview(gives) as view:
    pass
print(gives.kept.tobytes())
try:
    gives.data.clear()
except BufferError as e:
    print(e)
gives.kept.release()
gives.data.clear()


class Both(bytearray):
    def __buffer__(self, flags):
        return super().__buffer__(flags)

    def __release_buffer__(self, view):
        print("both", view.tobytes())
        super().__release_buffer__(view)


both = Both(b"both")
with memoryview(both) as view:
    print(view.tobytes())
both.clear()


class Other(bytearray):
    def __buffer__(self, flags):
        return memoryview(b"other")

    def __release_buffer__(self, view):
        try:
            super().__release_buffer__(view)
        except ValueError as e:
            print(e)


with memoryview(Other(b"mine")) as view:
    print(view.tobytes())


class Raises:
    def __buffer__(self, flags):
        return memoryview(b"raises")

    def __release_buffer__(self, view):
        raise KeyError("lost")


sys.unraisablehook = lambda u: print(u.err_msg, repr(u.exc_value), u.object)
with memoryview(Raises()) as view:
    print(view.tobytes())
