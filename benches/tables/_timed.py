"""Times short statements, each in a loop of its own, and prints `NAME SECONDS` a run."""

import sys
import time

# Statements are repeated until one measurement takes so long, in seconds.
LONG_ENOUGH = 0.01


def timed(name, statement, names, repeat=5):
    """Prints the best time of one run of `statement`, whose variables are `names`."""
    if sys.argv[1:] and not any(word in name for word in sys.argv[1:]):
        return
    header = f"def loop(count, perf_counter, {', '.join(names)}):\n"
    source = header + (
        " start = perf_counter()\n"
        f" for _ in range(count):\n  {statement}\n"
        " return perf_counter() - start\n"
    )
    space = {}
    exec(source, space)
    loop = space["loop"]
    count = 1
    while (elapsed := loop(count, time.perf_counter, **names)) < LONG_ENOUGH:
        count = max(count * 2, int(count * LONG_ENOUGH / max(elapsed, 1e-9)))
    if count == 1:
        repeat = 2
    best = min(loop(count, time.perf_counter, **names) for _ in range(repeat))
    print(name.replace(" ", "_"), f"{best / count:.3e}", flush=True)
