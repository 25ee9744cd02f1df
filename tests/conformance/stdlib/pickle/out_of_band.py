# PickleBuffer, and buffers that travel beside the pickle.
import pickle


def attempt(call, *args, **kwargs):
    try:
        print(call(*args, **kwargs))
    except Exception as error:
        print(type(error).__name__, error)


data = bytearray(b"abcdef")
buffer = pickle.PickleBuffer(data)
print(memoryview(buffer).obj is data, bytes(buffer), buffer.raw().format, buffer.raw().readonly)
attempt(pickle.PickleBuffer)
attempt(pickle.PickleBuffer, 3)
attempt(pickle.PickleBuffer, b"", b"")
attempt(pickle.PickleBuffer(memoryview(b"abcdef")[::2]).raw)
attempt(pickle.dumps, pickle.PickleBuffer(memoryview(b"abcdef")[::2]), 5)
attempt(pickle.dumps, buffer, 4)
print(pickle.dumps(buffer, 5), pickle.dumps(pickle.PickleBuffer(b"abc"), 5))
grid = memoryview(bytes(range(6))).cast("B", (2, 3))
print(pickle.PickleBuffer(grid).raw().tolist(), pickle.PickleBuffer(grid).raw().shape)

for answer in (None, True):
    taken = []

    def callback(one):
        taken.append(one)
        return answer

    pickled = pickle.dumps([buffer, pickle.PickleBuffer(b"xyz"), buffer], 5, buffer_callback=callback)
    print(pickled, len(taken))
    if answer is None:
        again = pickle.loads(pickled, buffers=taken)
        print([type(one).__name__ for one in again], [bytes(one) for one in again])
        again = pickle.loads(pickled, buffers=[bytearray(b"1"), bytearray(b"2"), b"3"])
        print([(type(one).__name__, bytes(one)) for one in again], again[1].readonly)
        attempt(pickle.loads, pickled)
        attempt(pickle.loads, pickled, buffers=[b"1"])
        attempt(pickle.loads, pickled, buffers=3)
        attempt(pickle.loads, pickled, buffers=[1, 2, 3])

attempt(data.append, 1)
buffer.release()
buffer.release()
del taken
attempt(memoryview, buffer)
attempt(buffer.raw)
attempt(pickle.dumps, buffer, 5)
