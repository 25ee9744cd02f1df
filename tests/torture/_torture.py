"""What the torture programs share.

`main(setup, operations, check)` starts several threads. Each draws operations at random from its own seeded
generator until the time is over, while one more thread collects garbage. An exception that an operation does not
expect ends the program with status 1; otherwise `check` looks for lost objects and `ok` is printed.
"""

import gc
import random
import sys
import threading
import time

SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 1
SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 2.0
THREADS = 4


class Token:
    """An object that knows whether it is whole."""

    __slots__ = ("a", "b", "extra", "__weakref__")

    def __init__(self, n):
        self.a = n
        self.b = ~n
        self.extra = [n]

    def check(self):
        assert type(self) is Token, type(self)
        assert self.a == ~self.b and self.extra[0] == self.a, "a token was damaged"


def main(operations, check, collect=True):
    deadline = time.monotonic() + SECONDS
    problems = []
    counts = {}

    def work(number):
        rng = random.Random(SEED * 1000 + number)
        done = 0
        try:
            while time.monotonic() < deadline and not problems:
                for _ in range(50):
                    rng.choice(operations)(rng, number)
                    done += 1
        except BaseException as error:
            problems.append(error)
            raise
        finally:
            counts[number] = done

    def collector():
        rng = random.Random(SEED)
        while time.monotonic() < deadline and not problems:
            gc.collect()
            time.sleep(rng.random() * 0.01)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    if collect:
        threads.append(threading.Thread(target=collector))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not problems:
        check()
    print(f"seed {SEED}: {sum(counts.values())} operations in {THREADS} threads")
    if problems:
        print("lost:", repr(problems[0]))
        sys.exit(1)
    print("ok")
