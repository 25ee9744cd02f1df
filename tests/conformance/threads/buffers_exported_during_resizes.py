# A buffer is either exported or resized, never both, whatever other threads do.
import array
import io
import mmap
import threading

done = threading.Event()
unexpected = []
SIZE = 1 << 16
maps = [mmap.mmap(-1, SIZE)]
shared_bytes = bytearray(SIZE)
shared_array = array.array("b", bytes(SIZE))
stream = io.BytesIO(bytes(SIZE))


def look():
    try:
        while not done.is_set():
            for source in (lambda: maps[0], lambda: shared_bytes, lambda: shared_array, stream.getbuffer):
                try:
                    with memoryview(source()) as view:
                        if len(view) and (view[0], view[-1]) != (0, 0):
                            unexpected.append((view[0], view[-1]))
                except (ValueError, BufferError):
                    pass
    except BaseException as error:
        unexpected.append(error)


def attempt(action):
    try:
        action()
    except BufferError:
        pass


lookers = [threading.Thread(target=look) for _ in range(2)]
for thread in lookers:
    thread.start()
for number in range(1_500):
    attempt(maps[0].close)
    maps[0] = mmap.mmap(-1, SIZE)
    attempt(shared_bytes.clear)
    attempt(lambda: shared_bytes.extend(bytes(SIZE)))
    attempt(lambda: shared_array.__delitem__(slice(None)))
    attempt(lambda: shared_array.frombytes(bytes(SIZE)))
    attempt(lambda: stream.truncate(0))
    attempt(lambda: stream.write(bytes(1000)))
done.set()
for thread in lookers:
    thread.join()
print(unexpected)
