# Two threads that make two classes derive from each other: one of them is refused.
import threading


class Root:
    pass


barrier = threading.Barrier(2)
outcomes = set()


def derive(pairs, turn):
    for pair in pairs:
        first, second = pair if turn else pair[::-1]
        barrier.wait()
        try:
            first.__bases__ = (second,)
        except TypeError as error:
            outcomes.add(str(error))
        barrier.wait()


pairs = [(type("A", (Root,), {}), type("B", (Root,), {})) for _ in range(300)]
threads = [threading.Thread(target=derive, args=(pairs, turn)) for turn in (0, 1)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(outcomes)
print({issubclass(a, b) != issubclass(b, a) for a, b in pairs}, {len(a.__mro__) + len(b.__mro__) for a, b in pairs})
