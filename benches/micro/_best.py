"""Runs a function several times and prints its best time in seconds."""

import time


def best(name, function, *args, repeat=5):
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        function(*args)
        times.append(time.perf_counter() - start)
    print(name, f"{min(times):.6f}")
