# A thread that has ended keeps none of the names that it looked up: collections that run while it goes find them dead.
import gc
import threading


class Bare:
    pass


found = []


def look_up(number):
    bare = Bare()
    for attempt in range(300):
        found.extend([None] * hasattr(bare, f"name_{number}_{attempt}"))
    setattr(bare, f"own_{number}", number)
    found.append(getattr(bare, f"own_{number}"))


for round_ in range(4):
    threads = [threading.Thread(target=look_up, args=(round_ * 3 + index,)) for index in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        gc.collect()
    for thread in threads:
        thread.join()
    gc.collect()
print(sorted(found))
