# A key that is moved to an end is there at every moment, for threads that look without a lock.
import threading
from collections import OrderedDict


def run(size, last):
    table = OrderedDict((number, [number]) for number in range(size))
    done = threading.Event()
    missed = []

    def move():
        for number in range(4_000):
            table.move_to_end(number * 7 % size, last=last)
        done.set()

    def look():
        while not done.is_set():
            for number in range(size):
                if number not in table or table.get(number) != [number]:
                    missed.append(number)
            if len(table) != size:
                missed.append("length")

    threads = [threading.Thread(target=action) for action in (look, look, move)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return missed, sorted(table) == list(range(size)), list(table)[-1 if last else 0]


for size in (3, 8, 40):
    print(run(size, True), run(size, False))

# The order is the one of the moves, also after many of them.
table = OrderedDict.fromkeys("abcdefghijkl")
for key in "cafe" * 20:
    table.move_to_end(key)
for key in "dig" * 20:
    table.move_to_end(key, last=False)
print("".join(table), "".join(reversed(table)), len(table))
table["m"] = 1
del table["f"]
table.move_to_end("m")
print("".join(table), table.popitem(last=False), table.popitem())
